//! The table's state, as its address has it.

use super::host::Status;
use crate::account::api::Role;
use crate::admin::view::columns::{Column, Columns};
use crate::admin::view::table::{LAST, SIZES, Sorting};
use crate::parameters::parameters;

pub const PATH: &str = "/admin/users";

/// Beside the username.
const COLUMNS: [Column; 6] = [
    Column { key: "email", label: "E-mail", usual: true },
    Column { key: "role", label: "Role", usual: true },
    Column { key: "status", label: "Status", usual: true },
    Column { key: "verified", label: "Verified", usual: false },
    Column { key: "created", label: "Created", usual: true },
    Column { key: "seen", label: "Last seen", usual: true },
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Created,
    Username,
    LastSeen,
    Email,
    Role,
    Status,
}

impl Sort {
    const ALL: [Self; 6] = [Self::Created, Self::Username, Self::LastSeen, Self::Email, Self::Role, Self::Status];

    pub fn key(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Username => "username",
            Self::LastSeen => "seen",
            Self::Email => "email",
            Self::Role => "role",
            Self::Status => "status",
        }
    }
}

/// Where a page begins, or ends: at an account, by its id. Numbered pages would make the database read all pages before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    First,
    After(String),
    Before(String),
    Last,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// A part of a name or an address.
    pub text: String,
    pub role: Option<Role>,
    pub status: Option<Status>,
    pub sort: Sort,
    pub descending: bool,
    /// Rows of a page.
    pub size: u32,
    pub columns: Columns,
    pub place: Place,
}

const SIZE: u32 = 50;
/// Characters; no name and no address has more.
const LONGEST_TEXT: usize = 320;

impl Default for Query {
    fn default() -> Self {
        Self {
            text: String::new(),
            role: None,
            status: None,
            sort: Sort::Created,
            descending: true,
            size: SIZE,
            columns: Columns::usual(&COLUMNS),
            place: Place::First,
        }
    }
}

impl Query {
    /// What isn't understood counts as not said: an old link still opens the table.
    pub fn parse(search: &str) -> Self {
        let mut query = Self { columns: Columns::parse(&COLUMNS, search), ..Self::default() };
        for (name, value) in parameters(search) {
            let value = value.trim();
            match &*name {
                "q" => query.text = value.chars().take(LONGEST_TEXT).collect(),
                "role" => query.role = Role::parse(value),
                "status" => query.status = Status::ALL.into_iter().find(|status| status.key() == value),
                "sort" => {
                    let (descending, key) = match value.strip_prefix('-') {
                        Some(key) => (true, key),
                        None => (false, value),
                    };
                    if let Some(sort) = Sort::ALL.into_iter().find(|sort| sort.key() == key) {
                        (query.sort, query.descending) = (sort, descending);
                    }
                }
                "size" => query.size = SIZES.into_iter().find(|size| size.to_string() == value).unwrap_or(SIZE),
                "page" if value == LAST => query.place = Place::Last,
                "after" => query.place = Place::After(value.to_owned()),
                "before" => query.place = Place::Before(value.to_owned()),
                _ => {}
            }
        }
        query
    }

    /// With what is as usual left out, so that one state has one address.
    pub fn search(&self) -> String {
        let mut search = form_urlencoded::Serializer::new(String::new());
        if !self.text.is_empty() {
            search.append_pair("q", &self.text);
        }
        if let Some(role) = self.role {
            search.append_pair("role", role.key());
        }
        if let Some(status) = self.status {
            search.append_pair("status", status.key());
        }
        if (self.sort, self.descending) != (Sort::Created, true) {
            search.append_pair("sort", &self.sort_key());
        }
        if self.size != SIZE {
            search.append_pair("size", &self.size.to_string());
        }
        search.extend_pairs(self.columns.parameters());
        match &self.place {
            Place::First => {}
            Place::After(id) => {
                search.append_pair("after", id);
            }
            Place::Before(id) => {
                search.append_pair("before", id);
            }
            Place::Last => {
                search.append_pair("page", LAST);
            }
        }
        search.finish()
    }

    fn sort_key(&self) -> String {
        [if self.descending { "-" } else { "" }, self.sort.key()].concat()
    }

    pub fn href(&self) -> String {
        let search = self.search();
        if search.is_empty() { PATH.to_owned() } else { [PATH, "?", &search].concat() }
    }

    /// The same accounts as a file.
    pub fn export_href(&self) -> String {
        let whole = Self { place: Place::First, size: SIZE, columns: Columns::usual(&COLUMNS), ..self.clone() };
        let search = whole.search();
        [PATH, ".csv", if search.is_empty() { "" } else { "?" }, &search].concat()
    }

    pub fn at(&self, place: Place) -> Self {
        Self { place, ..self.clone() }
    }

    pub fn sorting(&self) -> Sorting {
        Sorting { by: self.sort.key(), falls: self.descending }
    }

    pub fn sized(&self, size: u32) -> Self {
        Self { size, place: Place::First, ..self.clone() }
    }

    pub fn is_filtered(&self) -> bool {
        !self.text.is_empty() || self.role.is_some() || self.status.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_state_has_one_address() {
        for search in [
            "",
            "q=ann+lee&role=editor&status=blocked&sort=username&size=100&after=x",
            "sort=-seen&col=name&col=role&before=x",
            "sort=email&page=last",
            "sort=-status",
        ] {
            assert_eq!(Query::parse(search).search(), search);
        }
        for (search, same) in [
            ("sort=-created&size=50&q=", ""),
            ("col=seen&col=email&col=role&col=status&col=created", ""),
            ("role=king&status=x&sort=password_hash&size=7", ""),
            ("sort=-password_hash&q=%20ann%20", "q=ann"),
        ] {
            assert_eq!(Query::parse(search).search(), same, "{search}");
        }
    }

    #[test]
    fn a_file_has_all_pages() {
        let narrowed = Query::parse("q=ann&sort=username&size=100&col=role&after=x");
        assert_eq!(narrowed.export_href(), "/admin/users.csv?q=ann&sort=username");
    }
}
