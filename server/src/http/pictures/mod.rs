//! Pictures that the staff send, and what a browser by itself does to those that there are: all of it by one form, so that
//! nothing that is typed about one of them is lost by what is done to another.

mod told;

use super::Host;
use super::error_page::Wants;
use super::received::{Pace, Unreceived};
use crate::media::{MAX_BYTES, MediaError};
use crate::services::accounts::Caller;
use crate::services::office::pictures::{AddError, Added, MOST, Outcome, PgPictures};
use crate::services::office::pictures_of;
use app::admin::pictures::host::{Described, Pictures};
use app::error::AppError;
use app::form::errors_of;
use app::ui::capitalised;
use axum::body::Body;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{Extension, FromRequest, Request, State};
use axum::http::{Response, header};
use told::{FIELD, REMOVED};
use uuid::Uuid;

/// As many of the largest as a person chooses at once without a script, which sends each by itself.
const AT_ONCE: usize = 10;
/// Bytes of a request: pictures, and what a form puts around each.
pub const BODY_LIMIT: usize = AT_ONCE * (MAX_BYTES + 4096) + 64 * 1024;
/// Bytes that are kept of a field that is no file: more than any may have, so that what is longer is refused as that.
const TEXT_LIMIT: usize = 8 * 1024;
/// Bytes of all such fields: as many as the form of a product with hundreds of variants has.
const TEXTS_LIMIT: usize = 1024 * 1024;

/// `POST /api/admin/pictures/upload`: a multipart form with `product`, `page` and any number of files `pictures`, in
/// this order. Before them a browser by itself sends what is typed about the pictures that there are (`described`, `seen`,
/// `alt`, `decorative`, `variants[]` of each), and the button that was pressed with its picture: `save` for that one's
/// text, `up` or `down`, `remove`, and `undo` for a removal. Texts are saved first, and then the button does what it says.
/// Answers a script with 202 where some of it is still being prepared. It is no server function, because those are given a
/// body as a whole and a file needn't be held longer than it is looked at.
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
            Ok(()) => {
                let received = receive(&host, &pictures, request, &mut sent).await;
                // Also what was received before something went wrong.
                let settled = sent.settle(&pictures).await;
                received.and(settled)
            }
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

/// Fields about the picture that was named last, and about the form as a whole.
const TEXTS: [&str; 11] =
    ["product", "page", "save", "up", "down", "remove", "undo", "seen", "alt", "decorative", "variants[]"];

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
    /// Bytes of fields that are no files.
    texts: usize,
    added: usize,
    /// What isn't decided yet, by job: the name as sent.
    jobs: Vec<(Uuid, String)>,
    /// What is still being prepared.
    coming: usize,
    /// Of pictures that there are, in their order; until it is saved.
    described: Vec<Described>,
    /// Texts beyond as many as a product may have pictures.
    beyond: usize,
    /// The picture whose text is to be saved as it stands, if only that was asked for.
    saves: Option<String>,
    /// What else was asked for, until it is done.
    pressed: Option<Pressed>,
    /// The picture that was removed, to be brought back by this name.
    removed: Option<String>,
    /// Pictures whose texts were saved, as they are called.
    saved: Vec<String>,
    /// What the button came to, in words.
    done: Option<String>,
    /// Texts that were refused, and why.
    undescribed: Vec<(Described, String)>,
    /// By file: the name as sent, and what to do about it.
    refused: Vec<String>,
    too_large: bool,
}

/// A button beside a picture, other than its text's, and the picture.
enum Pressed {
    /// `up` or `down`.
    Place(String, String),
    Remove(String),
    Restore(String),
}

async fn receive(host: &Host, pictures: &PgPictures, request: Request, sent: &mut Sent) -> Result<(), Ended> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Ended::Broken)?;
    let mut pace = Pace::default();
    while let Some(mut field) = pace.next(form.next_field()).await? {
        match field.name() {
            Some("described") => {
                let picture = sent.text(&mut field, &mut pace).await?;
                sent.begin(picture);
            }
            Some(name) if TEXTS.contains(&name) => {
                let name = name.to_owned();
                let value = sent.text(&mut field, &mut pace).await?;
                sent.put(&name, value);
            }
            Some("pictures") => {
                // First, so that no file is in the way of what was typed.
                sent.act(pictures).await?;
                let name = shown_name(field.file_name().unwrap_or_default());
                // Held in memory until it is written away.
                let _held = host.media.receiving().await.map_err(|_| Ended::Broken)?;
                match pace.whole_file(&mut field, MAX_BYTES).await? {
                    None => {
                        sent.too_large = true;
                        sent.refuse(&name, &MediaError::TooManyBytes.to_string());
                    }
                    // A form without a chosen file sends one without name and content.
                    Some(bytes) if bytes.is_empty() && name.is_empty() => {}
                    Some(bytes) => match pictures.add(&sent.product, &name, bytes).await {
                        Ok(Added::There) => sent.added += 1,
                        Ok(Added::Job(job)) => sent.jobs.push((job, name)),
                        Err(AddError::Refused(words)) => sent.refuse(&name, &words),
                        Err(AddError::DiskFull) => return Err(Ended::DiskFull),
                        Err(AddError::App(error)) => return Err(Ended::Told(error)),
                    },
                }
            }
            _ => {}
        }
    }
    sent.act(pictures).await?;
    if sent.is_nothing() {
        return Err(Ended::Told(AppError::invalid(FIELD, "Choose a picture first")));
    }
    Ok(())
}

/// A file's name for saying which one is meant. No file is ever stored under it.
fn shown_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}

impl Sent {
    /// Waits for what was received, and no longer than a person does.
    async fn settle(&mut self, pictures: &PgPictures) -> Result<(), Ended> {
        let (jobs, names): (Vec<Uuid>, Vec<String>) = std::mem::take(&mut self.jobs).into_iter().unzip();
        let outcomes = pictures.settle(&jobs).await.map_err(Ended::Told)?;
        let mut ended = Ok(());
        for (name, outcome) in names.iter().zip(outcomes) {
            match outcome {
                Outcome::There => self.added += 1,
                Outcome::Coming => self.coming += 1,
                Outcome::Refused(words) => self.refuse(name, &words),
                Outcome::DiskFull => ended = Err(Ended::DiskFull),
            }
        }
        ended
    }

    async fn text(&mut self, field: &mut Field<'_>, pace: &mut Pace) -> Result<String, Ended> {
        let mut bytes = Vec::new();
        while let Some(chunk) = pace.piece(field).await? {
            self.texts += chunk.len();
            if self.texts > TEXTS_LIMIT {
                return Err(Ended::Told(AppError::invalid(FIELD, "That is more text than pictures may have")));
            }
            bytes.extend_from_slice(&chunk);
        }
        let mut text = String::from_utf8(bytes).map_err(|_| Ended::Broken)?;
        text.truncate(text.floor_char_boundary(TEXT_LIMIT));
        Ok(text)
    }

    /// What follows is about this picture.
    fn begin(&mut self, picture: String) {
        if self.described.len() < MOST {
            self.described.push(Described { picture, ..Described::default() });
        } else {
            self.beyond += 1;
        }
    }

    fn put(&mut self, name: &str, value: String) {
        match name {
            "product" => self.product = value,
            "page" => self.page = value,
            "save" => self.saves = Some(value),
            "up" | "down" => self.pressed = Some(Pressed::Place(value, name.to_owned())),
            "remove" => self.pressed = Some(Pressed::Remove(value)),
            "undo" => self.pressed = Some(Pressed::Restore(value)),
            // Of one that isn't taken.
            _ if self.beyond > 0 => {}
            name => {
                if let Some(described) = self.described.last_mut() {
                    match name {
                        "seen" => described.seen = value,
                        "alt" => described.alt = value,
                        "decorative" => described.decorative = value,
                        _ => described.variants.push(value),
                    }
                }
            }
        }
    }

    /// Saves what is typed about pictures, and then does what its button says.
    async fn act(&mut self, pictures: &PgPictures) -> Result<(), Ended> {
        self.describe(pictures).await?;
        let Some(pressed) = self.pressed.take() else { return Ok(()) };
        let done = match pressed {
            Pressed::Place(picture, to) => pictures.place(picture, to).await,
            Pressed::Remove(picture) => pictures.remove(picture).await,
            Pressed::Restore(picture) => pictures.restore(picture).await,
        };
        match done {
            Ok(done) => (self.done, self.removed) = (done.notice, done.undo),
            Err(error @ (AppError::Invalid { .. } | AppError::NotFound)) => {
                self.refused.extend(errors_of(&error).into_values());
            }
            Err(error) => return Err(Ended::Told(error)),
        }
        Ok(())
    }

    async fn describe(&mut self, pictures: &PgPictures) -> Result<(), Ended> {
        if std::mem::take(&mut self.beyond) > 0 {
            self.refused.push(format!("A product has at most {MOST} pictures: the texts behind those aren’t saved"));
        }
        let described = std::mem::take(&mut self.described);
        if described.is_empty() {
            return Ok(());
        }
        let saves = self.saves.as_deref().unwrap_or_default();
        let told = pictures.describe_all(&self.product, described.clone(), saves).await.map_err(Ended::Told)?;
        for (described, told) in described.into_iter().zip(told) {
            match told {
                Ok(saved) => self.saved.extend(saved),
                Err(AppError::Invalid { fields }) => {
                    let words = fields.into_iter().map(|one| one.message).collect::<Vec<_>>().join(". ");
                    self.undescribed.push((described, words));
                }
                Err(AppError::NotFound) => self.undescribed.push((described, REMOVED.to_owned())),
                Err(error) => return Err(Ended::Told(error)),
            }
        }
        Ok(())
    }

    /// Nothing was sent, nor any button pressed but that for sending.
    fn is_nothing(&self) -> bool {
        let files = self.added > 0 || !self.jobs.is_empty() || !self.refused.is_empty();
        let texts = self.saves.is_some() || !self.saved.is_empty() || !self.undescribed.is_empty();
        !files && !texts && self.done.is_none()
    }

    fn refuse(&mut self, name: &str, words: &str) {
        self.refused.push(if name.is_empty() { capitalised(words) } else { [name, ": ", words].concat() });
    }
}
