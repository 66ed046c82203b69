use super::api::Profile;
use super::page::{Content, Wanted, frame, page, whose};
use super::{log_out_form, use_visitor};
use crate::ui::{Field, FieldKind, Form, FormState, Submit, el, link};
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct AccountPage;

#[lazy_route]
impl LazyRoute for AccountPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        page(Wanted::Profile, |content, again| match content {
            Content::Profile(profile) => profile_view(*profile, again),
            _ => ().into_any(),
        })
    }
}

/// What the header calls the visitor follows what has just been saved.
fn call_by_name(profile: &Profile) {
    let Profile { username, display_name, .. } = profile;
    let name = if display_name.is_empty() { username } else { display_name };
    let visitor = use_visitor();
    let known = visitor.with_untracked(|visitor| visitor.me.as_ref().is_some_and(|me| me.name == *name));
    if !known {
        visitor.update(|visitor| {
            if let Some(me) = &mut visitor.me {
                me.username.clone_from(username);
                me.name.clone_from(name);
            }
        });
    }
}

fn profile_view(profile: Profile, again: Callback<()>) -> AnyView {
    call_by_name(&profile);
    let names = FormState::new("/api/account/save_profile").id("profile").staying(again);
    let address = FormState::new("/api/account/change_email").id("address");
    let since = el("p").class("quiet").text("Your account since ").text(&profile.since).text(".");
    let places = el("ul").class("ways").children(
        [("/account/security", "Password and devices"), ("/wishlist", "Wishlist"), ("/cart", "Cart")]
            .into_iter()
            .map(|(href, name)| el("li").child(link(href, name)))
            .collect(),
    );
    let owner = whose(&profile.username);
    let now = el("p").text("Mail goes to ").child(el("strong").text(&profile.email)).text(".");
    let pending = profile.pending_email.as_ref().map(|pending| {
        el("p")
            .class("aside")
            .text("We sent a code to ")
            .child(el("strong").text(pending))
            .text(". The address counts once it is entered. ")
            .child(link("/verify", "Enter the code"))
            .view()
    });
    frame(
        "Your account",
        view! {
            {since.view()}
            <nav aria-label="Your account">{places.view()}</nav>
            <section>
                <h2>"Names"</h2>
                <Form form=names>
                    <Field form=names name="display_name" label="Display name" kind=FieldKind::Name
                        hint="What the shop calls you. Empty: your username." value=profile.display_name/>
                    <Field form=names name="username" label="Username" kind=FieldKind::Username
                        hint="3 to 30 letters, digits, dots, hyphens or underscores." value=profile.username/>
                    <Submit form=names label="Save names"/>
                </Form>
            </section>
            <section>
                <h2>"E-mail address"</h2>
                {now.view()}
                {pending}
                <Form form=address>
                    {owner.view()}
                    <Field form=address name="email" label="New e-mail address" kind=FieldKind::Email
                        hint="We send a code there. Until it is entered, the old address stays."/>
                    <Field form=address name="password" label="Current password" kind=FieldKind::CurrentPassword/>
                    <Submit form=address label="Send the code"/>
                </Form>
            </section>
            <section>
                <h2>"Log out"</h2>
                <p>"On this device only. "<a href="/account/security#devices">"All your devices"</a></p>
                {log_out_form("button plain").view()}
            </section>
        }
        .into_any(),
    )
}
