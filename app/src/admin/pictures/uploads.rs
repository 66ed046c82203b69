//! Files that are chosen, dropped or pasted are sent one after the other, in their order; each says how far it is, and
//! what was wrong with it.

use super::{MOST_BYTES, UPLOAD, UPLOAD_FORM, order};
use crate::account::login_href;
use crate::cart::behaviour::Shopping;
use crate::error::AppError;
use crate::ui::{SHOWN, all, capitalised, closest, here};
use crate::wire;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Function, Promise, Reflect};
use web_sys::{
    ClipboardEvent, DragEvent, Element, Event, File, FileList, FormData, HtmlFormElement, HtmlInputElement,
    ProgressEvent, XmlHttpRequest,
};

/// The section that takes files; its value is the product's id.
const SECTION: &str = "[data-uploads]";
/// On the section while files are held over it.
const OVER: &str = "data-over";

pub fn take_files(shopping: Shopping, endpoint: &'static str) {
    Effect::new(move |_| {
        let queue = Queue { shopping, endpoint, waiting: Rc::default() };
        part();
        let listeners = [
            listen(SHOWN, (), |(), _| part()),
            listen("change", queue.clone(), |queue, event| queue.chosen(event)),
            listen("submit", queue.clone(), |queue, event| queue.submitted(event)),
            listen("dragover", queue.clone(), |_, event| over(event)),
            listen("dragleave", queue.clone(), |_, event| left(event)),
            listen("drop", queue.clone(), |queue, event| queue.dropped(event)),
            listen("paste", queue, |queue, event| queue.pasted(event)),
        ];
        on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    });
}

pub fn listen<T: 'static>(name: &'static str, with: T, answer: fn(&T, &Event)) -> WindowListenerHandle {
    window_event_listener_untyped(name, move |event| answer(&with, &event))
}

/// Gives what is typed about a picture back to the form that it stands in.
fn part() {
    let Some(root) = document().document_element() else { return };
    for field in all(&root, &["[form=", UPLOAD_FORM, "]"].concat()) {
        let _ = field.remove_attribute("form");
    }
}

/// What is still to be sent.
#[derive(Clone)]
struct Queue {
    shopping: Shopping,
    endpoint: &'static str,
    /// Empty while nothing is under way; the first is.
    waiting: Rc<RefCell<VecDeque<Upload>>>,
}

/// What has become of a file that wasn't refused.
enum Taken {
    Added,
    /// Received, and still being prepared.
    Coming,
}

#[derive(Clone)]
struct Upload {
    product: String,
    /// The page that it was begun on.
    page: String,
    file: File,
    line: Element,
}

impl Queue {
    fn chosen(&self, event: &Event) {
        let Some(input) = target(event).and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        if let Some(section) = closest(&input, SECTION).filter(|_| input.type_() == "file") {
            self.send(&section, input.files());
            input.set_value("");
        }
    }

    fn submitted(&self, event: &Event) {
        let form = target(event).and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form.filter(|form| form.get_attribute("action").as_deref() == Some(UPLOAD)) else { return };
        event.prevent_default();
        let input = all(&form, "input[type=file]").into_iter().next();
        if let (Some(section), Some(input)) = (closest(&form, SECTION), input) {
            let input: HtmlInputElement = input.unchecked_into();
            self.send(&section, input.files());
            input.set_value("");
        }
    }

    fn dropped(&self, event: &Event) {
        let Some(section) = section_of(event) else { return };
        event.prevent_default();
        let _ = section.remove_attribute(OVER);
        let within = target(event).is_some_and(|target| section.contains(Some(&target)));
        if within && let Some(dropped) = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer) {
            self.send(&section, dropped.files());
        }
    }

    fn pasted(&self, event: &Event) {
        let pasted = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
        let files = pasted.and_then(|pasted| pasted.files()).filter(|files| files.length() > 0);
        if let (Some(files), Some(section)) = (files, document().query_selector(SECTION).ok().flatten()) {
            event.prevent_default();
            self.send(&section, Some(files));
        }
    }

    fn send(&self, section: &Element, files: Option<FileList>) {
        let product = section.get_attribute("data-uploads").unwrap_or_default();
        let Some(list) = all(section, "ul.uploads").into_iter().next() else { return };
        let files = files.into_iter().flat_map(|files| (0..files.length()).filter_map(move |at| files.get(at)));
        let idle = self.waiting.borrow().is_empty();
        // What was wrong with the last ones has been read.
        if idle {
            list.set_inner_html("");
        }
        for file in files {
            if let Some(line) = line_of(&file.name()) {
                let _ = list.append_child(&line);
                let upload = Upload { product: product.clone(), page: here(), file, line };
                self.waiting.borrow_mut().push_back(upload);
            }
        }
        if idle && !self.waiting.borrow().is_empty() {
            let queue = self.clone();
            spawn_local(async move { queue.run().await });
        }
    }

    async fn run(self) {
        let (mut added, mut coming, mut failed) = (0_u32, 0_u32, Vec::new());
        let mut page = String::new();
        loop {
            let next = self.waiting.borrow().front().cloned();
            let Some(upload) = next else { break };
            page.clone_from(&upload.page);
            match upload.send().await {
                Ok(Taken::Added) => {
                    added += 1;
                    say(&upload.line, "Added", false);
                }
                Ok(Taken::Coming) => {
                    coming += 1;
                    say(&upload.line, "Being prepared", false);
                }
                Err(AppError::SignIn) => {
                    let _ = location().assign(&login_href(&here()));
                    return;
                }
                Err(error) => {
                    // Beside its name.
                    let words = error.to_string();
                    let name = [&upload.file.name(), ": "].concat();
                    say(&upload.line, &capitalised(words.strip_prefix(&name).unwrap_or(&words)), true);
                    failed.push(upload.line);
                }
            }
            self.waiting.borrow_mut().pop_front();
        }
        if added + coming > 0 && here() == page {
            let (path, search) = page.split_once('?').unwrap_or((&page, ""));
            if let Ok(made) = wire::fetch_page(self.endpoint, path, search).await {
                self.shopping.put(&page, &made.html);
            }
        }
        finished(added, coming, &failed);
    }
}

/// The page that was put in place knows nothing of what is said here.
fn finished(added: u32, coming: u32, failed: &[Element]) {
    let place = |id: &str| document().get_element_by_id(id);
    if let Some(list) = place("uploads") {
        list.set_inner_html("");
        for line in failed {
            let _ = list.append_child(line);
        }
    }
    let words = match (added, coming, failed.len()) {
        (1, 0, 0) => "Added a picture.".to_owned(),
        (added, 0, 0) => format!("Added {added} pictures."),
        (0, 1, 0) => "A picture is being prepared.".to_owned(),
        (0, coming, 0) => format!("{coming} pictures are being prepared."),
        (added, 0, failed) => format!("Added {added}, refused {failed}."),
        (added, coming, 0) => format!("Added {added}, preparing {coming}."),
        (added, coming, failed) => format!("Added {added}, preparing {coming}, refused {failed}."),
    };
    if let Some(status) = place("uploads-status") {
        status.set_text_content(Some(&words));
    }
}

impl Upload {
    async fn send(&self) -> Result<Taken, AppError> {
        if self.file.size() > MOST_BYTES {
            return Err(AppError::invalid("pictures", "The picture is larger than 5 MiB"));
        }
        let broken = |_: JsValue| AppError::Offline;
        let form = FormData::new().map_err(broken)?;
        form.append_with_str("product", &self.product).map_err(broken)?;
        form.append_with_str("page", &self.page).map_err(broken)?;
        form.append_with_blob_and_filename("pictures", &self.file, &self.file.name()).map_err(broken)?;
        let request = XmlHttpRequest::new().map_err(broken)?;
        request.open("POST", UPLOAD).map_err(broken)?;
        request.set_request_header("accept", "application/json").map_err(broken)?;
        let progress = self.watch(&request)?;
        let ended = Promise::new(&mut |resolve: Function, _: Function| request.set_onloadend(Some(&resolve)));
        request.send_with_opt_form_data(Some(&form)).map_err(broken)?;
        JsFuture::from(ended).await.map_err(broken)?;
        drop(progress);
        answer_of(&request)
    }

    /// Shows how much of it has left. Lives for as long as it is to be shown.
    fn watch(&self, request: &XmlHttpRequest) -> Result<Closure<dyn FnMut(ProgressEvent)>, AppError> {
        let bar = all(&self.line, "progress").into_iter().next();
        let shown = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
            if let Some(bar) = bar.as_ref().filter(|_| event.total() > 0.0) {
                let _ = Reflect::set(bar, &"value".into(), &(event.loaded() / event.total()).into());
            }
        });
        let upload = request.upload().map_err(|_| AppError::Offline)?;
        upload.set_onprogress(Some(shown.as_ref().unchecked_ref()));
        Ok(shown)
    }
}

fn answer_of(request: &XmlHttpRequest) -> Result<Taken, AppError> {
    let status = request.status().unwrap_or_default();
    let body = request.response_text().ok().flatten().unwrap_or_default();
    match status {
        0 => Err(AppError::Offline),
        202 => Ok(Taken::Coming),
        200..300 => Ok(Taken::Added),
        413 if !body.contains("\"message\"") => Err(AppError::invalid("pictures", "The picture is larger than 5 MiB")),
        _ => Err(serde_json::from_str(&body).unwrap_or(AppError::Unavailable { request_id: None })),
    }
}

/// Where a file says how far it is.
fn line_of(name: &str) -> Option<Element> {
    let create = |tag: &str| document().create_element(tag).ok();
    let (line, label, bar, said) = (create("li")?, create("span")?, create("progress")?, create("span")?);
    label.set_text_content(Some(name));
    let _ = bar.set_attribute("aria-label", name);
    let _ = bar.set_attribute("value", "0");
    said.set_class_name("said");
    for part in [&label, &bar, &said] {
        let _ = line.append_child(part);
    }
    Some(line)
}

fn say(line: &Element, words: &str, is_wrong: bool) {
    for bar in all(line, "progress") {
        bar.remove();
    }
    if let Some(said) = all(line, ".said").into_iter().next() {
        said.set_text_content(Some(words));
        said.set_class_name(if is_wrong { "said error" } else { "said" });
    }
}

/// A file that is dropped beside the section would take the page's place, and with it what was typed there.
fn over(event: &Event) {
    let Some(section) = section_of(event) else { return };
    event.prevent_default();
    let within = target(event).is_some_and(|target| section.contains(Some(&target)));
    let _ = if within { section.set_attribute(OVER, "") } else { section.remove_attribute(OVER) };
}

fn left(event: &Event) {
    if let Some(section) = section_of(event) {
        let _ = section.remove_attribute(OVER);
    }
}

/// The page's section, if the event is about files.
fn section_of(event: &Event) -> Option<Element> {
    // To some browsers a picture of the page is a file too.
    if order::held().is_some() {
        return None;
    }
    let files = event.dyn_ref::<DragEvent>()?.data_transfer()?;
    files.types().includes(&"Files".into(), 0).then(|| document().query_selector(SECTION).ok().flatten())?
}

pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}
