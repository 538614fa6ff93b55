//! What a report says of its documents.

use serde_json::Value;

use crate::run::Ran;

/// A document's line in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it lay.
    pub path: String,
    /// Which envelope of that file, from 0.
    pub index: u64,
    /// What it is evidence of, if that can be told.
    pub kind: Option<String>,
    /// `fact`, or how far it came.
    pub status: String,
    /// Whose signatures verified.
    pub signers: Vec<String>,
    /// Why it is no fact.
    pub reason: Option<String>,
}

impl Row {
    /// All rows of a report, in its order.
    ///
    /// # Panics
    ///
    /// If the run printed no report, or one of another shape.
    #[must_use]
    pub fn all(ran: &Ran) -> Vec<Self> {
        let report = ran.json();
        let documents = report["documents"].as_array().expect("a report lists documents");
        documents.iter().map(Self::read).collect()
    }

    /// The only row of a report.
    ///
    /// # Panics
    ///
    /// If it has none, or several.
    #[must_use]
    pub fn only(ran: &Ran) -> Self {
        let mut rows = Self::all(ran);
        assert_eq!(rows.len(), 1, "{rows:#?}");
        rows.remove(0)
    }

    fn read(document: &Value) -> Self {
        let text = |key: &str| document[key].as_str().map(str::to_owned);
        let signers = document["signers"].as_array().expect("signers are a list");
        let row = Self {
            path: text("path").expect("a document has a path"),
            index: document["index"].as_u64().expect("a document has an index"),
            kind: text("kind"),
            status: text("status").expect("a document has a status"),
            signers: signers.iter().map(|name| name.as_str().expect("a name").to_owned()).collect(),
            reason: text("reason"),
        };
        // What a reader of any report relies on.
        let refused = ["rejected", "unrecognised"].contains(&row.status.as_str());
        assert_eq!(row.reason.is_some(), refused, "what is refused says why: {row:?}");
        assert_eq!(row.signers.is_empty(), !row.is_fact(), "only facts have signers: {row:?}");
        row
    }

    /// Whether it is a fact.
    #[must_use]
    pub fn is_fact(&self) -> bool {
        self.status == "fact"
    }

    /// Asserts that it is a fact of this kind by this signer.
    ///
    /// # Panics
    ///
    /// If not: the row is shown.
    pub fn fact(&self, kind: &str, signer: &str) {
        assert!(self.is_fact(), "{self:#?}");
        assert_eq!(self.kind.as_deref(), Some(kind), "{self:#?}");
        assert_eq!(self.signers, [signer], "{self:#?}");
    }

    /// Asserts that it is rejected for a reason with any of these words.
    ///
    /// # Panics
    ///
    /// If not: the row is shown.
    pub fn rejected(&self, words: &[&str]) {
        assert_eq!(self.status, "rejected", "{self:#?}");
        let reason = self.reason.as_deref().unwrap_or_default();
        assert!(words.iter().any(|word| reason.contains(word)), "none of {words:?} in `{reason}`");
    }
}
