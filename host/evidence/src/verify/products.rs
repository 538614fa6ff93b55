//! Binds VEX documents whose statement names no subject, by the products that they are about.
//!
//! Such a document may be about anything. It is about the artifact if a product of it has the
//! artifact's hash; and if the stage matches packages wherever they are found, it is about whatever
//! has those that it names.

use super::checks::SubjectCheck;
use super::fact::Signer;
use super::subject::{Unbound, bind};
use super::{Question, Reason};
use crate::claim::{SignedStatement, Subject};
use crate::reason::listed;
use crate::vex;

impl Question<'_> {
    /// How a VEX document that names no subject is bound, and what it says.
    pub(super) fn by_products(
        &self,
        signed: &SignedStatement,
        signers: &[Signer],
    ) -> Result<(SubjectCheck, vex::Document), Reason> {
        let by = listed(signers.iter().map(Signer::name));
        let reason = |clause: &str| format!("is signed by {by}, but {clause}");
        let nothing = Unbound::Nothing.clause(0);
        let document = signed.vex().map_err(|unreadable| {
            Reason::new(reason(&format!(
                "{nothing}, and its products cannot be read: {unreadable}"
            )))
        })?;
        let products: Vec<Subject> = document.hashes().cloned().collect();
        match bind(&products, self.artifact) {
            Ok(_) => Ok((SubjectCheck::Product, document)),
            Err(_) if self.trust.matches_vex_by_purl() && document.names_packages() => {
                Ok((SubjectCheck::Packages, document))
            }
            Err(Unbound::Nothing) => {
                let why = reason(&format!("{nothing}, and gives no product a hash by either"));
                Err(Reason::new(why).helped(HELP))
            }
            Err(other) => {
                let clause = other.clause(products.len());
                Err(Reason::new(reason(&format!("{nothing}, and of its products it {clause}"))))
            }
        }
    }
}

/// What to do about a document that does not say what it is about.
const HELP: &str = "sign a statement that names the artifact, or give a product its `sha-256`; or let the stage \
     match products by their package URLs, with `vex = { match = \"purl\" }`";
