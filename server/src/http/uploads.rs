//! Files that a browser sends.

use super::Host;
use super::error_page::Wants;
use super::forms::{bare, see_other};
use super::received::{Pace, Unreceived};
use crate::services::accounts::Caller;
use crate::services::office::imports_of;
use app::account::login_href;
use app::admin::imports::host::{MOST_MIB, PATH};
use app::admin::imports::view::UPLOAD;
use app::error::AppError;
use app::form::{Flash, Next, errors_of};
use axum::Json;
use axum::body::Body;
use axum::extract::multipart::Multipart;
use axum::extract::{Extension, FromRequest, Request, State};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;

/// Bytes of a request with a file. More than a file may have: one that is too large is read to its end and then refused
/// in words, since a browser that is cut off says only that the connection was.
pub const UPLOAD_LIMIT: usize = 64 * 1024 * 1024;
const MOST_BYTES: usize = MOST_MIB as usize * 1024 * 1024;

/// `POST /api/admin/imports/upload`, a form with a file. It is no server function because a file is no form's text.
pub async fn import_file(
    State(host): State<Host>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response<Body> {
    let by_itself = Wants::of(request.headers(), UPLOAD) == Wants::Page;
    let https = host.secure_cookies;
    let answer = take(&host, &caller, request).await;
    match (answer, by_itself) {
        (Ok(path), true) => see_other(&path, None, https),
        (Ok(path), false) => Json(Next::to(path)).into_response(),
        (Err(AppError::SignIn), true) => see_other(&login_href(PATH), None, https),
        (Err(error @ AppError::Invalid { .. }), true) => {
            let flash = Flash { action: UPLOAD.to_owned(), errors: errors_of(&error), ..Flash::default() };
            see_other(PATH, Some(flash), https)
        }
        (Err(error), by_itself) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            // Without a body: the envelope gives it its page.
            if by_itself { bare(status) } else { (status, Json(error)).into_response() }
        }
    }
}

/// Answers with where the import's page is.
async fn take(host: &Host, caller: &Caller, request: Request) -> Result<String, AppError> {
    // Before anything of the file is read.
    let imports = match imports_of(caller, host) {
        Some(imports) => imports,
        None if caller.session.is_some() => return Err(AppError::Forbidden),
        None => return Err(AppError::SignIn),
    };
    imports.may_upload()?;
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    let (mut file, mut pace) = (None, Pace::default());
    while let Some(mut field) = pace.next(form.next_field()).await.map_err(unreceived)? {
        if field.name() == Some("file") && file.is_none() {
            let name = field.file_name().unwrap_or_default().to_owned();
            let bytes = pace.whole_file(&mut field, MOST_BYTES).await.map_err(unreceived)?;
            file = Some((name, bytes.ok_or_else(too_large)?));
        }
    }
    let (name, bytes) = file.filter(|(name, bytes)| !name.is_empty() || !bytes.is_empty()).ok_or_else(none_chosen)?;
    let import = imports.upload(name, bytes).await?;
    Ok([PATH, "/", &import.to_string()].concat())
}

fn too_large() -> AppError {
    let words = format!("The file is larger than {MOST_MIB} MiB. Split it, and repeat the first line in each part");
    AppError::invalid("file", words)
}

fn none_chosen() -> AppError {
    AppError::invalid("file", "Choose a file first")
}

fn unreadable() -> AppError {
    AppError::invalid("file", "The file did not arrive whole. Send it again")
}

fn unreceived(error: Unreceived) -> AppError {
    match error {
        Unreceived::Broken => unreadable(),
        Unreceived::TooLarge => too_large(),
    }
}
