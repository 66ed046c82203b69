//! Acts and fields in words. The log has acts as `kind.verb`; whoever adds one finds it told well enough without adding
//! it here.

use crate::ui::capitalised;

/// `Changed a product`.
pub fn act_words(act: &str) -> String {
    let own = match act {
        // Of many things at once.
        "product.bulk_update" => "Changed products in bulk",
        "product.bulk_undo" => "Took back a bulk edit",
        "product.export" => "Exported products",
        "user.export" => "Exported users",
        "trail.export" => "Exported the trail",
        "product.add_picture" => "Added a picture to a product",
        "product.remove_picture" => "Removed a picture from a product",
        "product.restore_picture" => "Brought a picture of a product back",
        "product.cancel_picture" => "Gave up a picture that was on its way",
        "product.describe_picture" => "Described a picture of a product",
        "product.reorder_pictures" => "Reordered the pictures of a product",
        "user.email_asked" => "Asked for a new e-mail address",
        "user.email_changed" => "Confirmed a new e-mail address",
        "user.set_role" => "Changed a user’s role",
        "user.reset_started" => "Started a password reset",
        "user.reset_asked" => "Was asked for a new password by mail",
        "user.clear_limits" => "Cleared a user’s limits",
        "user.verified" => "Confirmed an e-mail address",
        "user.password_changed" => "Changed a password",
        "user.password_reset" => "Set a new password by mail",
        "user.codes_stopped" => "Stopped a user’s codes after too many wrong ones",
        "user.codes_allowed" => "Let a user’s codes work again",
        "user.data_taken" => "Took a copy of a user’s data",
        "session.log_in" => "Logged in",
        "session.refused" => "Was refused a log-in",
        "session.log_out" => "Logged out",
        "session.end" => "Ended sessions",
        _ => "",
    };
    if !own.is_empty() {
        return own.to_owned();
    }
    let (kind, verb) = act.split_once('.').unwrap_or(("", act));
    let thing = kind.replace('_', " ");
    let article = if thing.starts_with(['a', 'e', 'i', 'o']) { "an " } else { "a " };
    let done = match verb {
        "create" => "Created",
        "update" => "Changed",
        "delete" => "Deleted",
        "archive" => "Archived",
        "restore" => "Restored",
        "move" => "Moved",
        "merge" => "Merged",
        "reorder" => "Reordered",
        "block" => "Blocked",
        "unblock" => "Unblocked",
        "invite" => "Invited",
        "upload" => "Uploaded",
        "apply" => "Applied",
        "undo" => "Took back",
        "export" => "Exported",
        _ => return [sentence(&thing), ": ".to_owned(), verb.replace('_', " ")].concat(),
    };
    [done, " ", article, &thing].concat()
}

/// `Products`, for a filter.
pub fn kind_words(kind: &str) -> String {
    sentence(&match kind.strip_suffix('y') {
        Some(stem) => [stem, "ies"].concat(),
        // What an export is of.
        None if kind.ends_with('s') || kind == "trail" => kind.to_owned(),
        None => [kind, "s"].concat(),
    })
}

/// A field as the forms call it, and of a variant or a picture with its name: `price of Red` as `Price of Red`.
pub fn field_words(field: &str) -> String {
    let (name, of) = field.split_at(field.find(" of ").unwrap_or(field.len()));
    let own = match name {
        "slug" => "Address",
        // Names, and none of them of an address.
        "path" => "Category",
        "compare_at" => "Price before",
        "price_min" => "Lowest price",
        "price_max" => "Highest price",
        "sku" => "SKU",
        "seo_title" => "Title for search engines",
        "seo_description" => "Description for search engines",
        "shows" => "What it shows",
        "email" => "E-mail address",
        "bytes" => "Size",
        _ => "",
    };
    [if own.is_empty() { sentence(name) } else { own.to_owned() }, of.to_owned()].concat()
}

/// `tags_added` as `Tags added`.
fn sentence(name: &str) -> String {
    capitalised(&name.replace('_', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_reads_as_words() {
        for (act, words) in [
            ("product.update", "Changed a product"),
            ("product.add_picture", "Added a picture to a product"),
            ("product.bulk_update", "Changed products in bulk"),
            ("product.bulk_undo", "Took back a bulk edit"),
            ("product.export", "Exported products"),
            ("import.upload", "Uploaded an import"),
            ("import.apply", "Applied an import"),
            ("user.set_role", "Changed a user’s role"),
            ("session.refused", "Was refused a log-in"),
            ("gift_card.print_again", "Gift card: print again"),
        ] {
            assert_eq!(act_words(act), words);
        }
        assert_eq!(kind_words("category"), "Categories");
        assert_eq!(kind_words("product"), "Products");
        assert_eq!(kind_words("users"), "Users");
    }

    #[test]
    fn a_field_is_called_what_its_form_calls_it() {
        for (field, words) in [
            ("slug", "Address"),
            ("compare_at", "Price before"),
            ("compare_at of L / Dark_blue", "Price before of L / Dark_blue"),
            ("price of Piece of two", "Price of Piece of two"),
            ("tags_added", "Tags added"),
            ("position of no_name.png", "Position of no_name.png"),
        ] {
            assert_eq!(field_words(field), words);
        }
    }
}
