//! What wasmtime generates from `wit/`, with our own types behind the resources.

wasmtime::component::bindgen!({
    path: "../../wit",
    world: "lockgate:policy/policy",
    imports: { default: trappable },
    with: {
        "lockgate:policy/signatures.signature": crate::host::Signature,
        "lockgate:policy/attestations.attestation": crate::host::Attestation,
        "lockgate:policy/vulnerabilities.document": crate::host::ScanDocument,
        "lockgate:policy/vulnerabilities.scan": crate::host::ScanRows,
        "lockgate:policy/vulnerabilities.query": crate::host::ScanQuery,
        "lockgate:policy/tests.document": crate::host::TestDocument,
        "lockgate:policy/tests.run": crate::host::TestResult,
        "lockgate:policy/contents.archive": crate::host::Archive,
        "lockgate:policy/contents.query": crate::host::ContentsQuery,
        "lockgate:policy/contents.search": crate::host::ContentsSearch,
        "lockgate:policy/data.file": crate::host::DataFile,
        "lockgate:policy/data.table": crate::host::DataTable,
        "lockgate:policy/history.decision": crate::host::Decision,
        "lockgate:policy/packages.range": crate::host::PackageRange,
        "lockgate:policy/sbom.document": crate::host::SbomDocument,
        "lockgate:policy/sbom.bom": crate::host::SbomBom,
        "lockgate:policy/sbom.query": crate::host::SbomQuery,
    },
    trappable_error_type: {
        "lockgate:policy/types.refusal" => crate::host::NoAnswer,
    },
});
