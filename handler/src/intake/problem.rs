//! What one problem is in a finding that Security Hub passes on: the same key and the same telling type as natively.

use super::access_analyzer::Access;
use super::control::Control;
use super::product::Product;
use super::{guardduty, inspector, macie};
use crate::finding::{Finding, FindingKey};
use crate::plain::Plain;

/// A problem, as far as the product that found it has a notion of it.
pub(super) enum Problem {
    /// The product's own id and, where it could be told, its own type.
    Own(Product, Option<Plain>),
    /// A control on a resource.
    Control(Control),
    /// Access to a resource.
    Access(Access),
}

impl Problem {
    /// The one of these that there is.
    pub(super) fn of(control: Option<Control>, access: Option<Access>, product: Product, kind: Option<Plain>) -> Self {
        match (control, access) {
            (Some(control), _) => Self::Control(control),
            (None, Some(access)) => Self::Access(access),
            (None, None) => Self::Own(product, kind),
        }
    }

    /// The types of the finding, the telling one first. Where we could not tell it ourselves, all are marked as imported:
    /// whoever may import or update findings can write any type, and must not choose the advice of another product's.
    pub(super) fn types(&self, own: Vec<Plain>) -> Vec<Plain> {
        let telling = match self {
            Self::Own(_, Some(kind)) => kind.clone(),
            Self::Own(_, None) => {
                return own.iter().map(|kind| Plain::new(format!("imported/{}", kind.text()))).collect();
            }
            Self::Control(control) => control.kind(),
            Self::Access(access) => access.kind(),
        };
        let rest: Vec<Plain> =
            own.into_iter().filter(|kind| !kind.text().eq_ignore_ascii_case(telling.text())).collect();
        std::iter::once(telling).chain(rest).collect()
    }

    /// The key; nothing where the finding names nothing that could make one. `product` is the product's ARN.
    pub(super) fn key(&self, finding: &Finding, product: &str) -> Option<FindingKey> {
        let (account, id) = (finding.account.text(), finding.id.text());
        match (self, finding.resources.first()) {
            (Self::Own(Product::GuardDuty, _), _) => guardduty::key(account, id),
            (Self::Own(Product::Macie, _), _) => macie::key(account, id),
            (Self::Own(Product::Inspector, _), _) => inspector::key(id),
            (Self::Own(Product::Exposure, _), _) => (!id.is_empty()).then(|| FindingKey::of(&["exposure", id])),
            (Self::Control(control), Some(resource)) => Some(control.key(account, finding.region.text(), resource)),
            (Self::Access(access), Some(resource)) => access.key(resource.id.text(), ""),
            _ => imported(product, account, id),
        }
    }
}

/// Identity where there is none but the product's own id. Two products of one account may use the same id; the product
/// stands in its ARN behind the Region.
fn imported(product: &str, account: &str, id: &str) -> Option<FindingKey> {
    let importer = product.split_once(":product/").or_else(|| product.split_once(":productv2/"));
    let importer = importer.map_or(product, |(_, importer)| importer);
    (!id.is_empty()).then(|| FindingKey::of(&["imported", importer, account, id]))
}
