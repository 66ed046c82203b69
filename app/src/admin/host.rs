//! What the back office needs from the host: services bound to one member of the staff, who they are included.

use super::bulk::host::Bulk;
use super::categories::host::Categories;
use super::find::host::Finder;
use super::imports::host::Imports;
use super::overview::host::Overview;
use super::pictures::host::Pictures;
use super::products::host::Products;
use super::trail::host::Trail;
use super::users::host::Users;
use super::views::host::Views;
use crate::account::api::{Role, Visitor};
use crate::error::AppError;
use crate::shop::Shop;
use leptos::prelude::use_context;
use std::sync::Arc;

/// The back office as one member of the staff may use it. Having it is the proof that its bearer is staff; what each
/// role may do, each service decides for itself.
#[derive(Clone)]
pub struct Office {
    pub me: Staff,
    pub shop: Arc<Shop>,
    pub products: Arc<dyn Products>,
    pub bulk: Arc<dyn Bulk>,
    pub pictures: Arc<dyn Pictures>,
    pub overview: Arc<dyn Overview>,
    pub categories: Arc<dyn Categories>,
    pub trail: Arc<dyn Trail>,
    pub users: Arc<dyn Users>,
    pub views: Arc<dyn Views>,
    pub finder: Arc<dyn Finder>,
    pub imports: Arc<dyn Imports>,
}

#[derive(Clone, Debug)]
pub struct Staff {
    pub name: String,
    pub role: Role,
    /// The password was given within the last quarter of an hour, so that dangerous acts don't ask for it.
    pub fresh: bool,
}

/// What may be done in the back office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// Products, categories, imports: read and change.
    Catalogue,
    /// Accounts: look, end sessions, start resets, block.
    Support,
    /// Accounts: create, edit, roles, delete; the whole trail.
    Everything,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Shopper, Self::Support, Self::Editor, Self::Admin];

    /// As forms and addresses have it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Editor => "editor",
            Self::Support => "support",
            Self::Shopper => "shopper",
        }
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "Admin",
            Self::Editor => "Editor",
            Self::Support => "Support",
            Self::Shopper => "Shopper",
        }
    }

    pub fn may(self, what: May) -> bool {
        match self {
            Self::Admin => true,
            Self::Editor => what == May::Catalogue,
            Self::Support => what == May::Support,
            Self::Shopper => false,
        }
    }
}

impl Staff {
    /// # Errors
    /// `Forbidden` when the role doesn't reach so far.
    pub fn must(&self, what: May) -> Result<(), AppError> {
        if self.role.may(what) { Ok(()) } else { Err(AppError::Forbidden) }
    }
}

/// # Errors
/// `SignIn` for strangers, `Forbidden` for shoppers.
pub fn office() -> Result<Office, AppError> {
    match use_context::<Office>() {
        Some(office) => Ok(office),
        None if use_context::<Visitor>().is_some_and(|visitor| visitor.me.is_some()) => Err(AppError::Forbidden),
        None => Err(AppError::SignIn),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_reach_as_far_as_they_say() {
        use May::{Catalogue, Everything, Support};
        let reach = |role: Role| [Catalogue, Support, Everything].map(|what| role.may(what));
        assert_eq!(reach(Role::Admin), [true, true, true]);
        assert_eq!(reach(Role::Editor), [true, false, false]);
        assert_eq!(reach(Role::Support), [false, true, false]);
        assert_eq!(reach(Role::Shopper), [false, false, false]);
    }
}
