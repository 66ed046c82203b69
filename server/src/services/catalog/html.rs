//! A product's closing list of facts, taken out of its description.

/// Splits `<ul><li><strong>Material:</strong> Oak</li>…</ul>` at the end of a sanitised description from the prose
/// before it, so that the page can show it as a definition list. A list of any other form stays where it is.
pub fn split_facts(html: &str) -> (String, Vec<(String, String)>) {
    let whole = || (html.to_owned(), Vec::new());
    let trimmed = html.trim_end();
    let Some(start) = trimmed.rfind("<ul>") else { return whole() };
    let Some(list) = trimmed[start..].strip_prefix("<ul>").and_then(|rest| rest.strip_suffix("</ul>")) else {
        return whole();
    };
    let mut facts = Vec::new();
    let mut rest = list.trim();
    while !rest.is_empty() {
        let Some((item, after)) = rest.strip_prefix("<li>").and_then(|rest| rest.split_once("</li>")) else {
            return whole();
        };
        let Some((name, value)) = item.trim().strip_prefix("<strong>").and_then(|item| item.split_once("</strong>"))
        else {
            return whole();
        };
        if name.contains('<') || value.contains('<') {
            return whole();
        }
        facts.push((text(name.trim().trim_end_matches(':')), text(value.trim().trim_start_matches(':').trim())));
        rest = after.trim_start();
    }
    if facts.is_empty() { whole() } else { (trimmed[..start].trim_end().to_owned(), facts) }
}

/// The text of sanitised HTML in one line, for descriptions in a page's head.
pub fn plain(html: &str, max_chars: usize) -> String {
    let mut out = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                out.push(' ');
            }
            _ if !in_tag => out.push(c),
            _ => {}
        }
    }
    let line = text(&out).split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max_chars {
        return line;
    }
    let mut cut: String = line.chars().take(max_chars).collect();
    if let Some(space) = cut.rfind(' ') {
        cut.truncate(space);
    }
    cut.push('…');
    cut
}

/// The sanitiser writes only these entities.
fn text(html: &str) -> String {
    if !html.contains('&') {
        return html.to_owned();
    }
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_list_becomes_facts() {
        let (prose, facts) = split_facts(
            "<p>A mug.</p>\n<ul>\n<li><strong>Material:</strong> Clay &amp; glaze</li><li><strong>Size:</strong> 8 cm</li></ul>\n",
        );
        assert_eq!(prose, "<p>A mug.</p>");
        assert_eq!(facts, [("Material".into(), "Clay & glaze".into()), ("Size".into(), "8 cm".into())]);
    }

    #[test]
    fn other_lists_stay() {
        for html in
            ["<p>A</p><ul><li>one</li></ul>", "<ul><li><strong>a</strong> <em>b</em></li></ul>", "<ul></ul>", "x"]
        {
            assert_eq!(split_facts(html), (html.to_owned(), Vec::new()));
        }
    }

    #[test]
    fn heads_get_one_line_of_text() {
        assert_eq!(plain("<p>A  mug.</p><p>Clay &lt;3</p>", 80), "A mug. Clay <3");
        assert_eq!(plain("<p>One two three</p>", 9), "One two…");
    }
}
