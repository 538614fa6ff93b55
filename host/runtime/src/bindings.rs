//! What wasmtime generates from `wit/`, with our own types behind the resources.

wasmtime::component::bindgen!({
    path: "../../wit",
    world: "lockgate:policy/policy",
    imports: { default: trappable },
    with: {
        "lockgate:policy/signatures.signature": crate::host::Signature,
        "lockgate:policy/attestations.attestation": crate::host::Attestation,
        "lockgate:policy/history.decision": crate::host::Decision,
        "lockgate:policy/sbom.document": crate::host::SbomDocument,
        "lockgate:policy/sbom.bom": crate::host::SbomBom,
        "lockgate:policy/sbom.query": crate::host::SbomQuery,
    },
    trappable_error_type: {
        "lockgate:policy/types.refusal" => crate::host::NoAnswer,
    },
});
