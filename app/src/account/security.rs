use super::api::Device;
use super::new_password::NewPassword;
use super::page::{Content, Wanted, frame, hidden_field, page, whose};
use super::use_visitor;
use crate::ui::{Field, FieldKind, Form, FormState, Submit, el, link};
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct SecurityPage;

#[lazy_route]
impl LazyRoute for SecurityPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        page(Wanted::Devices, |content, again| match content {
            Content::Devices(devices) => security(devices, again),
            _ => ().into_any(),
        })
    }
}

fn security(devices: Vec<Device>, again: Callback<()>) -> AnyView {
    let username = use_visitor().with_untracked(|visitor| visitor.me.as_ref().map(|me| me.username.clone()));
    let username = username.unwrap_or_default();
    let change = FormState::new("/api/account/change_password").id("change");
    let others = FormState::new("/api/account/end_other_sessions").staying(again);
    let download = FormState::new("/api/account/download").id("download").plain();
    let delete = FormState::new("/api/account/delete").id("delete");
    let has_others = devices.iter().any(|device| !device.this_one);
    let back = el("p").class("way").child(link("/account", "Your account"));
    frame(
        "Password and devices",
        view! {
            {back.view()}
            <section>
                <h2>"Password"</h2>
                <Form form=change>
                    {whose(&username).view()}
                    <Field form=change name="current_password" label="Current password" kind=FieldKind::CurrentPassword/>
                    <NewPassword form=change label="New password"/>
                    <Submit form=change label="Change password"/>
                </Form>
            </section>
            <section id="devices">
                <h2>"Devices"</h2>
                <p>"Where you are signed in. Log out what you don’t know, then change your password."</p>
                <ul class="devices">
                    {devices.into_iter().map(|device| view! { <DeviceLine device again/> }).collect_view()}
                </ul>
                {has_others
                    .then(|| {
                        view! {
                            <Form form=others>
                                <Submit form=others label="Log out all other devices" class="button plain"/>
                            </Form>
                        }
                    })}
            </section>
            <section>
                <h2>"Your data"</h2>
                <p>"All that the shop keeps about you, as a JSON file."</p>
                <Form form=download>
                    <Field form=download name="password" label="Current password" kind=FieldKind::CurrentPassword/>
                    <Submit form=download label="Download my data" class="button plain"/>
                </Form>
            </section>
            <section>
                <h2>"Delete your account"</h2>
                <p>
                    "Your username, display name, e-mail address, password and list of devices are deleted at once, and \
                     you are logged out everywhere. Nobody can bring them back, and the username is free for others."
                </p>
                <Form form=delete>
                    <Field form=delete name="password" label="Current password" kind=FieldKind::CurrentPassword/>
                    <Submit form=delete label="Delete my account for good" class="button danger"/>
                </Form>
            </section>
        }
        .into_any(),
    )
}

#[component]
fn DeviceLine(device: Device, again: Callback<()>) -> impl IntoView {
    let form = FormState::new("/api/account/end_session").staying(again);
    let Device { id, name, this_one, last_seen, signed_in, address } = device;
    let seen = if this_one { "In use now".to_owned() } else { ["Last seen ", &last_seen].concat() };
    let words = el("div")
        .class("words")
        .child(el("h3").text(&name).maybe(this_one.then(|| el("span").class("mark").text(" This one"))))
        .child(
            el("p")
                .class("quiet small num")
                .text(&seen)
                .text(" · Signed in ")
                .text(&signed_in)
                .text(" · ")
                .text(&address),
        );
    view! {
        <li>
            {words.view()}
            {(!this_one)
                .then(|| {
                    view! {
                        <Form form>
                            {hidden_field("session", &id).view()}
                            <Submit form label="Log out" class="link" about=name/>
                        </Form>
                    }
                })}
        </li>
    }
    .into_any()
}
