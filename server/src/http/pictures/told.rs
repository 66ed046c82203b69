//! What came of pictures that were sent, in words.

use super::{Ended, Sent};
use crate::http::forms::{bare, see_other};
use crate::http::local::local_path;
use app::account::login_href;
use app::admin::pictures::host::Described;
use app::admin::pictures::{REMOVED as REMOVED_NOW, UPLOAD, field_of};
use app::admin::products::host::PATH;
use app::error::{AppError, FieldError};
use app::form::{Flash, Next};
use axum::Json;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;

/// What was refused, as much of it as is told on one page: more would not fit into what carries them there.
const MOST_TOLD: usize = 8;
/// The files' field, beside which errors are said.
pub(super) const FIELD: &str = "pictures";
pub(super) const REMOVED: &str = "The picture has been removed meanwhile";
const DISK_FULL: &str = "The shop’s disk is full, so nothing of it was kept. Tell whoever runs the shop";
const BROKEN: &str = "The picture didn’t arrive as a whole. Try again";
/// Pictures that are named when their texts are saved.
const MOST_NAMED: usize = 3;
/// Bytes of what is said beside texts, beyond the first one's: for the same reason.
const BESIDE: usize = 800;
/// Characters of a text that has no field any more.
const BEGINNING: usize = 80;

impl Sent {
    fn next(&self) -> Next {
        let page = match local_path(&self.page) {
            "/" => [PATH, "/", &self.product].concat(),
            page => page.to_owned(),
        };
        let added = match self.added {
            0 => None,
            1 => Some("Added a picture".to_owned()),
            number => Some(format!("Added {number} pictures")),
        };
        let coming = match self.coming {
            0 => None,
            1 => Some("A picture is being prepared".to_owned()),
            number => Some(format!("{number} pictures are being prepared")),
        };
        let undo = self.removed.as_ref().map(|_| "You can undo that below the pictures".to_owned());
        let told: Vec<String> = [self.saved(), self.done.clone(), undo, added, coming].into_iter().flatten().collect();
        let notice = (!told.is_empty()).then(|| told.join(". "));
        Next { path: local_path(&page).to_owned(), notice, undo: None }
    }

    fn saved(&self) -> Option<String> {
        let (last, before) = self.saved.split_last()?;
        match before.len() {
            0 => Some(format!("Saved {last}")),
            1..MOST_NAMED => Some(format!("Saved {} and {last}", before.join(", "))),
            more => Some(format!("Saved what {} pictures show", more + 1)),
        }
    }

    pub(super) fn told_to_a_script(self, ended: Result<(), Ended>) -> Response<Body> {
        let said = |status: StatusCode, error: AppError| (status, Json(error)).into_response();
        match ended {
            Ok(()) if self.refused.is_empty() && self.undescribed.is_empty() => {
                let status = if self.coming > 0 { StatusCode::ACCEPTED } else { StatusCode::OK };
                (status, Json(self.next())).into_response()
            }
            Ok(()) => {
                let status = if self.too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
                said(status, AppError::Invalid { fields: self.wrong() })
            }
            // What was refused before is no less so.
            Err(Ended::Told(AppError::Invalid { fields })) => {
                let fields = self.wrong().into_iter().chain(fields).collect();
                said(StatusCode::BAD_REQUEST, AppError::Invalid { fields })
            }
            Err(Ended::DiskFull) => said(StatusCode::INSUFFICIENT_STORAGE, AppError::invalid(FIELD, DISK_FULL)),
            Err(Ended::Broken) => said(StatusCode::BAD_REQUEST, AppError::invalid(FIELD, BROKEN)),
            Err(Ended::Told(error)) => said(status_of(&error), error),
        }
    }

    /// Each text beside its own field, files beside theirs.
    fn wrong(self) -> Vec<FieldError> {
        let texts = self.undescribed.into_iter();
        let texts = texts.map(|(text, message)| FieldError { field: field_of("alt", &text.picture), message });
        let files = self.refused.into_iter().map(|message| FieldError { field: FIELD.to_owned(), message });
        texts.chain(files).collect()
    }

    pub(super) fn told_to_a_person(self, ended: Result<(), Ended>, https: bool) -> Response<Body> {
        let Next { path, notice, .. } = self.next();
        let mut flash = Flash { notice, action: UPLOAD.to_owned(), ..Flash::default() };
        let mut refused = self.refused;
        refused.extend(beside(&mut flash, self.undescribed, self.removed.as_deref()));
        match ended {
            Ok(()) => {}
            Err(Ended::Told(AppError::SignIn)) => return see_other(&login_href(&path), None, https),
            Err(Ended::Told(AppError::Invalid { fields })) => refused.extend(fields.into_iter().map(|one| one.message)),
            Err(Ended::Told(error)) => return bare(status_of(&error)),
            Err(Ended::DiskFull) => return bare(StatusCode::INSUFFICIENT_STORAGE),
            Err(Ended::Broken) => return bare(StatusCode::BAD_REQUEST),
        }
        flash.values.insert("product".to_owned(), self.product);
        flash.values.extend(self.removed.map(|picture| (REMOVED_NOW.to_owned(), picture)));
        let left = refused.len().saturating_sub(MOST_TOLD);
        refused.truncate(MOST_TOLD);
        if left > 0 {
            refused.push(format!("{left} more were refused"));
        }
        if !refused.is_empty() {
            flash.errors.insert(FIELD.to_owned(), refused.join(". "));
        }
        see_other(&path, Some(flash), https)
    }
}

/// Texts that were refused, each beside its field as it was typed, as far as there is room. Answers what is to be said of
/// the others. `removed`: the picture that has just lost its field.
fn beside(flash: &mut Flash, undescribed: Vec<(Described, String)>, removed: Option<&str>) -> Vec<String> {
    let (mut others, mut left, mut room) = (Vec::new(), 0_usize, BESIDE);
    for (at, (Described { picture, alt, decorative, .. }, words)) in undescribed.into_iter().enumerate() {
        if words == REMOVED || removed == Some(picture.as_str()) {
            let beginning: String = alt.chars().take(BEGINNING).collect();
            let dots = if beginning.len() < alt.len() { "…" } else { "" };
            others.push(format!("The text “{beginning}{dots}” isn’t saved: {words}"));
            continue;
        }
        if at > 0 && (room < words.len() || flash.errors.len() >= MOST_TOLD) {
            left += 1;
            continue;
        }
        room = room.saturating_sub(words.len());
        flash.errors.insert(field_of("alt", &picture), words);
        flash.values.insert(field_of("alt", &picture), alt);
        flash.values.insert(field_of("decorative", &picture), decorative);
    }
    match left {
        0 => {}
        1 => others.push("One more text isn’t saved".to_owned()),
        number => others.push(format!("{number} more texts aren’t saved")),
    }
    others
}

fn status_of(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
