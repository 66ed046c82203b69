use crate::admin::overview::host::Day;
use crate::admin::view::table::{cell, heading_cell, table};
use crate::ui::{El, el, grouped};

/// In the chart's own units, which stretch with its width.
const STEP: usize = 20;
const BAR: usize = 14;
const HEIGHT: u32 = 120;
/// A day with anything at all is seen to have something.
const LEAST: u32 = 2;

/// A bar for each day. `what`: what is counted. For the ear, and for exact numbers, there is a table behind it.
pub fn chart(what: &str, days: &[(&Day, u32)]) -> El {
    let most = days.iter().map(|(_, number)| *number).max().unwrap_or_default();
    let total: u64 = days.iter().map(|(_, number)| u64::from(*number)).sum();
    let total = u32::try_from(total).unwrap_or(u32::MAX);
    let bars = days.iter().enumerate().map(|(at, (day, number))| bar(at, day, *number, most)).collect();
    let width = (days.len() * STEP).to_string();
    let label =
        [what, " by day: ", &grouped(total), " in ", &days.len().to_string(), " days, at most ", &grouped(most)];
    let svg = el("svg")
        .class("chart")
        .attr("viewBox", &["0 0 ", &width, " ", &HEIGHT.to_string()].concat())
        .attr("preserveAspectRatio", "none")
        .attr("role", "img")
        .attr("aria-label", &[&label.concat(), " in one"].concat())
        .children(bars);
    let ends = [days.first(), days.last()].into_iter().flatten().map(|(day, _)| el("span").text(&day.label)).collect();
    let axis = el("p").class("chart-ends quiet small").attr("aria-hidden", "true").children(ends);
    let total = el("p").text(&grouped(total)).text(" in ").text(&days.len().to_string()).text(" days");
    el("div").child(total).child(svg).child(axis).child(behind(what, days))
}

fn bar(at: usize, day: &Day, number: u32, most: u32) -> El {
    let height = match number {
        0 => 0,
        number => {
            let scaled = u64::from(number) * u64::from(HEIGHT) / u64::from(most.max(1));
            u32::try_from(scaled).unwrap_or(HEIGHT).clamp(LEAST, HEIGHT)
        }
    };
    el("rect")
        .attr("x", &(at * STEP + (STEP - BAR) / 2).to_string())
        .attr("y", &(HEIGHT - height).to_string())
        .attr("width", &BAR.to_string())
        .attr("height", &height.to_string())
        .child(el("title").text(&[&day.label, ": ", &grouped(number)].concat()))
}

fn behind(what: &str, days: &[(&Day, u32)]) -> El {
    let head = vec![heading_cell("", "Day"), heading_cell("num", what)];
    let row = |(day, number): &(&Day, u32)| {
        el("tr")
            .attr("data-key", &day.date)
            .child(cell("Day", "").child(el("time").attr("datetime", &day.date).text(&day.label)))
            .child(cell(what, "num").text(&grouped(*number)))
    };
    let rows = days.iter().rev().map(row).collect();
    el("details").attr("data-key", what).child(el("summary").text("As a table")).child(table(
        &[what, " by day"].concat(),
        head,
        rows,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_fit_their_chart_and_numbers_stand_behind_them() {
        let day = Day { date: "2026-11-25".to_owned(), label: "25 Nov".to_owned(), ..Day::default() };
        let html = chart("Sign-ups", &[(&day, 0), (&day, 1), (&day, 1000), (&day, u32::MAX)]).html();
        assert!(html.contains(r#"height="0""#) && html.contains(r#"height="2""#) && html.contains(r#"height="120""#));
        assert!(html.contains("4,294,967,295") && html.contains("data-label=\"Sign-ups\">1,000<"));
        assert!(chart("Sign-ups", &[]).html().contains("0 in 0 days"));
    }
}
