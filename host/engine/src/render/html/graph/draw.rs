//! SVG of what was placed.

use super::layout::{HEIGHT, Place, Placed};
use super::{Column, Graph, Line, Node, Picture};
use crate::render::html::escape::{shortened, text};
use crate::render::html::mark::Mark;

/// The picture.
pub(super) fn svg(graph: &Graph, placed: &Placed, picture: &Picture<'_>) -> String {
    let Placed { width, height, .. } = placed;
    let mut out = format!(
        "<svg class=\"graph\" role=\"group\" aria-labelledby=\"graph-name graph-words\" \
         viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <title id=\"graph-name\">Who signed which document, which policy read it, and what came \
         out</title>\n"
    );
    for (column, place) in &placed.columns {
        out += &format!(
            "<text class=\"column\" x=\"{}\" y=\"24\">{}</text>\n",
            place.x + 2,
            name(*column, picture)
        );
    }
    for edge in &graph.edges {
        let (from, to) = (placed.nodes[edge.from], placed.nodes[edge.to]);
        out += &line(class(edge.line), from, to);
    }
    if let Some(artifact) = placed.artifact {
        out += &lane(graph, placed, artifact, picture);
    }
    for (node, place) in graph.nodes.iter().zip(&placed.nodes) {
        out += &drawn(node, *place);
    }
    out += "</svg>\n";
    out
}

const fn name(column: Column, picture: &Picture<'_>) -> &'static str {
    match column {
        Column::Signers => "Signers",
        Column::Documents => "Documents",
        Column::Policies => "Policies",
        Column::Gate if picture.gate.is_some() => "Gate",
        Column::Gate => "Artifact",
    }
}

const fn class(line: Line) -> &'static str {
    match line {
        Line::Good => "good",
        Line::Bad => "bad",
        Line::Doubt => "doubt",
        Line::Faint => "faint",
    }
}

fn line(class: &str, from: Place, to: Place) -> String {
    let (x, y) = (from.x + from.width, from.y + HEIGHT / 2);
    let (end, down) = (to.x, to.y + HEIGHT / 2);
    let middle = x.midpoint(end);
    format!(
        "<path class=\"line {class}\" d=\"M{x} {y}C{middle} {y} {middle} {down} {end} {down}\"/>\n"
    )
}

/// The artifact and its way: below all that is said about it, to the gate; and up to the policies that
/// looked inside.
fn lane(graph: &Graph, placed: &Placed, place: Place, picture: &Picture<'_>) -> String {
    let mut out = String::new();
    let (x, y) = (place.x + place.width, place.y + HEIGHT / 2);
    let gate = graph.nodes.iter().position(|node| node.column == Column::Gate);
    if let Some(gate) = gate.map(|gate| placed.nodes[gate]) {
        let (end, up) = (gate.x + gate.width / 2, gate.y + HEIGHT);
        let bend = end.saturating_sub(60);
        out += &format!(
            "<path class=\"line water\" d=\"M{x} {y}H{bend}Q{end} {y} {end} {}V{up}\"/>\n",
            y.saturating_sub(40),
        );
    }
    for policy in &graph.inside {
        out += &line("inside", place, placed.nodes[*policy]);
    }
    let name = picture.subject.name.as_str();
    let node = Node {
        column: Column::Signers,
        mark: Mark::Vessel,
        title: shortened(name, 46),
        below: shortened(&picture.subject.digest.to_string(), 46),
        full: format!("the artifact: {name}, {}", picture.subject.digest),
        anchor: None,
    };
    out + &drawn(&node, place)
}

fn drawn(node: &Node, place: Place) -> String {
    let Place { x, y, width } = place;
    // The widest of common fonts takes 8.3 for a letter, and the mark and the margins take 50.
    let most = width.saturating_sub(50) * 10 / 83;
    let class = node.mark.class();
    let inner = format!(
        "<title>{}</title>\
         <rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HEIGHT}\" rx=\"9\"/>\
         <use href=\"#{}\" x=\"{}\" y=\"{}\" width=\"20\" height=\"20\"/>\
         <text class=\"name\" x=\"{}\" y=\"{}\">{}</text>\
         <text class=\"below\" x=\"{}\" y=\"{}\">{}</text>",
        text(&node.full),
        node.mark.symbol(),
        x + 12,
        y + 13,
        x + 42,
        y + 20,
        text(&shortened(&node.title, most)),
        x + 42,
        y + 36,
        text(&shortened(&node.below, most + most / 4)),
    );
    match &node.anchor {
        Some(anchor) => {
            format!("<a class=\"node {class}\" href=\"#{}\">{inner}</a>\n", text(anchor))
        }
        None => format!("<g class=\"node {class}\">{inner}</g>\n"),
    }
}
