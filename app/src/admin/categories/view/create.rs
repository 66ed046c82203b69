use super::PATH;
use super::form::{choice, field, form};
use crate::admin::view::form::GUARDED;
use crate::admin::view::{Asked, Desk};
use crate::catalog::api::Rendered;
use crate::error::AppError;
use crate::ui::{el, link};

const CREATE: &str = "/api/admin/categories/create";

/// # Errors
/// Whatever the categories answer.
pub async fn page(asked: Asked<'_>) -> Result<Rendered, AppError> {
    let tree = asked.office.categories.tree().await?;
    let under = asked.parameter("under");
    let typed = |name| asked.typed(CREATE, name, "");
    let text = |name: &'static str| el("input").attr("value", typed(name)).attr("autocomplete", "off");
    let parent = choice(&tree, &[("", "At the top")], asked.typed(CREATE, "parent", &under), 0..0);
    let described = el("textarea").attr("rows", "4").attr("maxlength", "2000").text(typed("description"));
    let form = form(asked, CREATE)
        .attr(GUARDED, "")
        .child(field(asked, CREATE, "name", "Name", "", text("name").attr("maxlength", "200")))
        .child(field(asked, CREATE, "slug", "Address", ADDRESS, text("slug").attr("maxlength", "255")))
        .child(field(asked, CREATE, "parent", "Under", "", parent))
        .child(field(
            asked,
            CREATE,
            "position",
            "Place among its siblings",
            PLACE,
            text("position").attr("inputmode", "numeric"),
        ))
        .child(field(asked, CREATE, "description", "Description", "Shoppers read it above the products.", described))
        .child(
            el("div")
                .class("pair")
                .child(el("button").class("button").text("Create category"))
                .child(link(PATH, "Cancel")),
        );
    Ok(Desk { title: "New category", area: PATH, right: None, body: vec![form] }.page(asked))
}

const ADDRESS: &str = "What stands after /categories/. Leave it empty to have it made from the name.";
const PLACE: &str = "1 for the first. Leave it empty for the last.";
