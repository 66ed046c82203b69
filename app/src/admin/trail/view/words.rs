//! Acts in words. The log has them as `kind.verb`; whoever adds one finds it told well enough without adding it here.

/// `Changed a product`.
pub fn act_words(act: &str) -> String {
    // Of many things at once.
    match act {
        "product.bulk_update" => return "Changed products in bulk".to_owned(),
        "product.bulk_undo" => return "Took back a bulk edit".to_owned(),
        "product.export" => return "Exported products".to_owned(),
        "user.export" => return "Exported users".to_owned(),
        "trail.export" => return "Exported the trail".to_owned(),
        _ => {}
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
        None => [kind, "s"].concat(),
    })
}

/// `compare_at` as `Compare at`.
pub fn sentence(name: &str) -> String {
    let name = name.replace('_', " ");
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_reads_as_words() {
        for (act, words) in [
            ("product.update", "Changed a product"),
            ("product.bulk_update", "Changed products in bulk"),
            ("product.bulk_undo", "Took back a bulk edit"),
            ("product.export", "Exported products"),
            ("import.upload", "Uploaded an import"),
            ("import.apply", "Applied an import"),
            ("user.set_role", "User: set role"),
            ("session.refused", "Session: refused"),
        ] {
            assert_eq!(act_words(act), words);
        }
        assert_eq!(kind_words("category"), "Categories");
        assert_eq!(kind_words("product"), "Products");
        assert_eq!(sentence("compare_at"), "Compare at");
    }
}
