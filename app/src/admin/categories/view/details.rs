use super::PATH;
use super::form::{choice, field, form, kept};
use crate::admin::categories::host::{Category, DANGEROUS, NOWHERE, branch};
use crate::admin::trail::view::history;
use crate::admin::users::view::WHY_AGAIN;
use crate::admin::view::PAGE;
use crate::admin::view::form::{GUARDED, LEAVES, REFRESHED, UNSAVED};
use crate::admin::view::table::how_many;
use crate::admin::view::{Asked, Desk};
use crate::catalog::api::Rendered;
use crate::error::AppError;
use crate::ui::{El, el, link};

const SAVE: &str = "/api/admin/categories/save";
const PUT_UNDER: &str = "/api/admin/categories/put_under";
const MERGE: &str = "/api/admin/categories/merge";
const DELETE: &str = "/api/admin/categories/delete";

const TAKEN_BACK: &str = "You can take it back in the trail.";

/// # Errors
/// `NotFound`, and whatever the categories answer.
pub async fn page(asked: Asked<'_>, id: &str) -> Result<Rendered, AppError> {
    let tree = asked.office.categories.tree().await?;
    let at = tree.iter().position(|category| category.id == id).ok_or(AppError::NotFound)?;
    let category = &tree[at];
    let right = el("div")
        .class("right")
        .child(link(&["/admin/categories/new?under=", id].concat(), "New one below").class("button plain"))
        .child(history("category", id).class("button plain"))
        .child(
            link(&["/categories/", &category.slug].concat(), "See it in the shop")
                .class("button plain")
                .attr("rel", "external"),
        );
    let mut body = vec![el("p").class("quiet").child(link(PATH, "Categories")).text(" › ").text(&category.path)];
    body.push(edit(asked, category));
    body.push(section("Move", put_under(asked, &tree, at)));
    if tree.len() > 1 {
        body.push(section("Merge", merge(asked, &tree, at)));
    }
    body.push(section("Delete", delete(asked, &tree, at)));
    Ok(Desk { title: &category.name, area: PATH, right: Some(right), body }.page(asked))
}

fn section(heading: &str, form: El) -> El {
    el("section").child(el("h2").text(heading)).child(form)
}

fn edit(asked: Asked, category: &Category) -> El {
    let version = category.version.to_string();
    // After a conflict each field says what it is now; saving once more is a decision.
    let stale = asked.flash.action == SAVE && asked.flash.values.get("version").is_some_and(|typed| *typed != version);
    let now = |name: &str, current: &str| {
        let differs = stale && asked.typed(SAVE, name, current) != current;
        if differs { ["It is now: ", current].concat() } else { String::new() }
    };
    let text = |name: &'static str, current: &str| {
        el("input").attr("value", asked.typed(SAVE, name, current)).attr("autocomplete", "off")
    };
    let described = el("textarea").attr("rows", "4").attr("maxlength", "2000").text(asked.typed(
        SAVE,
        "description",
        &category.description,
    ));
    let name = text("name", &category.name).attr("maxlength", "200");
    let slug = text("slug", &category.slug).attr("maxlength", "255");
    let slug_hint = match now("slug", &category.slug) {
        now if now.is_empty() => "What stands after /categories/. The old address will lead to the new one.".to_owned(),
        now => now,
    };
    form(asked, SAVE)
        .attr(GUARDED, "")
        .attr(REFRESHED, PAGE)
        .maybe_attr(UNSAVED, (asked.flash.action == SAVE).then_some(""))
        .child(kept("category", &category.id))
        .child(kept("version", &version))
        .child(field(asked, SAVE, "name", "Name", &now("name", &category.name), name))
        .child(field(asked, SAVE, "slug", "Address", &slug_hint, slug))
        .child(field(asked, SAVE, "description", "Description", &now("description", &category.description), described))
        .child(el("button").class("button").text("Save"))
}

fn put_under(asked: Asked, tree: &[Category], at: usize) -> El {
    let category = &tree[at];
    let chosen = asked.typed(PUT_UNDER, "parent", &category.parent);
    let parent = choice(tree, &[("", "At the top")], chosen, branch(tree, at));
    form(asked, PUT_UNDER)
        .attr(REFRESHED, PAGE)
        .child(kept("category", &category.id))
        .child(kept("from", &category.parent))
        .child(field(asked, PUT_UNDER, "parent", "Under", "All that is below it goes along.", parent))
        .child(el("button").class("button plain").text("Move"))
}

fn merge(asked: Asked, tree: &[Category], at: usize) -> El {
    let category = &tree[at];
    let into = choice(tree, &[("", "Choose a category")], asked.typed(MERGE, "into", ""), branch(tree, at));
    let hint = [&what_goes_there(tree, at), " ", TAKEN_BACK].concat();
    ending(asked, MERGE, category)
        .attr(LEAVES, "")
        .child(field(asked, MERGE, "into", "Into", &hint, into))
        .maybe(password(asked, MERGE, category))
        .child(el("button").class("button plain").text("Merge"))
}

fn delete(asked: Asked, tree: &[Category], at: usize) -> El {
    let category = &tree[at];
    let form = ending(asked, DELETE, category).attr(LEAVES, "").child(el("p").class("hint").text(TAKEN_BACK));
    let below = branch(tree, at).len() - 1;
    let moves_up =
        (below > 0).then(|| el("p").class("hint").text("The categories below it will move up by one level."));
    let form = form.maybe(moves_up);
    let button = el("button").class("button plain delete").text("Delete category");
    if category.products == 0 {
        // Should it get some meanwhile, nobody has said where they go.
        return form.child(kept("products", "")).child(button);
    }
    let first = [("", "Choose where they go"), (NOWHERE, "In no category")];
    let to = choice(tree, &first, asked.typed(DELETE, "products", ""), at..at + 1);
    let label = [
        "Where its ",
        &how_many(category.products, "product", "products"),
        if category.products == 1 { " goes" } else { " go" },
    ]
    .concat();
    form.child(field(asked, DELETE, "products", &label, "", to)).maybe(password(asked, DELETE, category)).child(button)
}

/// A form after which the category is no more, with what it was decided on.
fn ending(asked: Asked, action: &str, category: &Category) -> El {
    form(asked, action)
        .attr(REFRESHED, PAGE)
        .child(kept("category", &category.id))
        .child(kept("version", &category.version.to_string()))
        .child(kept("seen", &category.products.to_string()))
}

/// Asked for where many products are moved, and out of sight while it was given lately.
fn password(asked: Asked, action: &str, category: &Category) -> Option<El> {
    (category.products > DANGEROUS).then(|| {
        let input = el("input").attr("type", "password").attr("autocomplete", "current-password");
        let field = field(asked, action, "password", "Your own password", WHY_AGAIN, input);
        el("div").maybe_attr("hidden", asked.office.me.fresh.then_some("")).child(field)
    })
}

/// `Its 12 products and 2 categories will go there, its address too.`
fn what_goes_there(tree: &[Category], at: usize) -> String {
    let depth = tree[at].depth + 1;
    let children = tree[branch(tree, at)].iter().filter(|below| below.depth == depth).count();
    let products = (tree[at].products > 0).then(|| how_many(tree[at].products, "product", "products"));
    let children =
        (children > 0).then(|| how_many(u32::try_from(children).unwrap_or(u32::MAX), "category", "categories"));
    let things: Vec<String> = products.into_iter().chain(children).collect();
    match things.is_empty() {
        true => "Its address will go there.".to_owned(),
        false => ["Its ", &things.join(" and "), " will go there, its address too."].concat(),
    }
}
