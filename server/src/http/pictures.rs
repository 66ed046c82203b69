//! Pictures that the staff send.

use super::Host;
use super::error_page::Wants;
use super::forms::{bare, see_other};
use super::local::local_path;
use super::received::{Unreceived, in_time, whole_file};
use crate::media::{MAX_BYTES, MediaError};
use crate::services::accounts::Caller;
use crate::services::office::pictures::{AddError, PgPictures};
use crate::services::office::pictures_of;
use app::account::login_href;
use app::admin::pictures::UPLOAD;
use app::admin::products::host::PATH;
use app::error::{AppError, FieldError};
use app::form::{Flash, Next};
use axum::Json;
use axum::body::Body;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{Extension, FromRequest, Request, State};
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;
use std::collections::BTreeMap;

/// As many of the largest as a person chooses at once without a script, which sends each by itself.
const AT_ONCE: usize = 10;
/// Bytes of a request: pictures, and what a form puts around each.
pub const BODY_LIMIT: usize = AT_ONCE * (MAX_BYTES + 4096) + 64 * 1024;
/// Bytes of a field that is no file.
const TEXT_LIMIT: usize = 2048;

/// `POST /api/admin/pictures/upload`: a multipart form with `product`, `page` and any number of files `pictures`, in
/// this order. It is no server function, because those are given a body as a whole and a file needn't be held longer
/// than it is looked at.
pub async fn upload(
    State(host): State<Host>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response<Body> {
    let wants = Wants::of(request.headers(), request.uri().path());
    let https = host.secure_cookies;
    let mut sent = Sent::default();
    let ended = match pictures_of(&caller, &host) {
        Some(pictures) => match pictures.must() {
            // What is sent is not even looked at for who may not send it.
            Ok(()) => receive(&host, &pictures, request, &mut sent).await,
            Err(error) => Err(Ended::Told(error)),
        },
        None if caller.session.is_some() => Err(Ended::Told(AppError::Forbidden)),
        None => Err(Ended::Told(AppError::SignIn)),
    };
    let mut answer = match wants {
        Wants::Json => sent.told_to_a_script(ended),
        Wants::Page => sent.told_to_a_person(ended, https),
    };
    answer.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    answer
}

/// Why nothing more of a request is taken.
enum Ended {
    Told(AppError),
    DiskFull,
    /// The sender has stopped, or sent no form.
    Broken,
}

impl From<Unreceived> for Ended {
    fn from(_: Unreceived) -> Self {
        Self::Broken
    }
}

/// What has come of a request so far.
#[derive(Default)]
struct Sent {
    product: String,
    page: String,
    added: usize,
    /// By file: the name as sent, and what to do about it.
    refused: Vec<String>,
    too_large: bool,
}

async fn receive(host: &Host, pictures: &PgPictures, request: Request, sent: &mut Sent) -> Result<(), Ended> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Ended::Broken)?;
    while let Some(mut field) = in_time(form.next_field()).await? {
        match field.name() {
            Some("product") => sent.product = text(&mut field).await?,
            Some("page") => sent.page = text(&mut field).await?,
            Some("pictures") => {
                let name = shown_name(field.file_name().unwrap_or_default());
                let _held = host.media.receiving().await.map_err(|_| Ended::Broken)?;
                match whole_file(&mut field, MAX_BYTES).await? {
                    None => {
                        sent.too_large = true;
                        sent.refuse(&name, &MediaError::TooManyBytes.to_string());
                    }
                    // A form without a chosen file sends one without name and content.
                    Some(bytes) if bytes.is_empty() && name.is_empty() => {}
                    Some(bytes) => match pictures.add(&sent.product, bytes).await {
                        Ok(()) => sent.added += 1,
                        Err(AddError::Refused(words)) => sent.refuse(&name, &words),
                        Err(AddError::DiskFull) => return Err(Ended::DiskFull),
                        Err(AddError::App(error)) => return Err(Ended::Told(error)),
                    },
                }
            }
            _ => {}
        }
    }
    if sent.added == 0 && sent.refused.is_empty() {
        return Err(Ended::Told(AppError::invalid("pictures", "Choose a picture first")));
    }
    Ok(())
}

async fn text(field: &mut Field<'_>) -> Result<String, Ended> {
    let mut bytes = Vec::new();
    while let Some(chunk) = in_time(field.chunk()).await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > TEXT_LIMIT {
            return Err(Ended::Broken);
        }
    }
    String::from_utf8(bytes).map_err(|_| Ended::Broken)
}

/// A file's name for saying which one is meant. Nothing is ever stored under it.
fn shown_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}

impl Sent {
    fn refuse(&mut self, name: &str, words: &str) {
        self.refused.push(if name.is_empty() { words.to_owned() } else { [name, ": ", words].concat() });
    }

    fn next(&self) -> Next {
        let page = match local_path(&self.page) {
            "/" => [PATH, "/", &self.product].concat(),
            page => page.to_owned(),
        };
        let notice = match self.added {
            0 => None,
            1 => Some("Added a picture".to_owned()),
            number => Some(format!("Added {number} pictures")),
        };
        Next { path: local_path(&page).to_owned(), notice, undo: None }
    }

    fn told_to_a_script(self, ended: Result<(), Ended>) -> Response<Body> {
        let said = |status: StatusCode, error: AppError| (status, Json(error)).into_response();
        match ended {
            Ok(()) if self.refused.is_empty() => Json(self.next()).into_response(),
            Ok(()) => {
                let status = if self.too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
                let fields = self.refused.into_iter().map(|message| FieldError { field: FIELD.to_owned(), message });
                said(status, AppError::Invalid { fields: fields.collect() })
            }
            Err(Ended::DiskFull) => said(StatusCode::INSUFFICIENT_STORAGE, AppError::invalid(FIELD, DISK_FULL)),
            Err(Ended::Broken) => said(StatusCode::BAD_REQUEST, AppError::invalid(FIELD, BROKEN)),
            Err(Ended::Told(error)) => said(status_of(&error), error),
        }
    }

    fn told_to_a_person(self, ended: Result<(), Ended>, https: bool) -> Response<Body> {
        let Next { path, notice, .. } = self.next();
        let mut refused = self.refused;
        match ended {
            Ok(()) => {}
            Err(Ended::Told(AppError::SignIn)) => return see_other(&login_href(&path), None, https),
            Err(Ended::Told(AppError::Invalid { fields })) => refused.extend(fields.into_iter().map(|one| one.message)),
            Err(Ended::Told(error)) => return bare(status_of(&error)),
            Err(Ended::DiskFull) => return bare(StatusCode::INSUFFICIENT_STORAGE),
            Err(Ended::Broken) => return bare(StatusCode::BAD_REQUEST),
        }
        let mut flash = Flash { notice, action: UPLOAD.to_owned(), ..Flash::default() };
        flash.values = BTreeMap::from([("product".to_owned(), self.product)]);
        let left = refused.len().saturating_sub(MOST_TOLD);
        refused.truncate(MOST_TOLD);
        if left > 0 {
            refused.push(format!("{left} more were refused"));
        }
        if !refused.is_empty() {
            flash.errors = BTreeMap::from([(FIELD.to_owned(), refused.join(". "))]);
        }
        see_other(&path, Some(flash), https)
    }
}

/// Refused files that are named on one page: more would not fit into what carries them there.
const MOST_TOLD: usize = 8;
/// The files' field, beside which errors are said.
const FIELD: &str = "pictures";
const DISK_FULL: &str = "The shop’s disk is full, so nothing of it was kept. Tell whoever runs the shop";
const BROKEN: &str = "The picture didn’t arrive as a whole. Try again";

fn status_of(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
