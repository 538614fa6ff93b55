//! Where everything stands: columns from left to right, rows ordered so that few lines cross.

use super::{Column, Graph};

/// A node's height, and how far the next one is.
pub(super) const HEIGHT: usize = 46;
const PITCH: usize = 60;

/// Room for the names of the columns, and around all.
const TOP: usize = 44;
const EDGE: usize = 10;

/// From the last row to the artifact's lane, and how tall that is.
const LANE: usize = 26;

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
}

/// Where everything stands.
pub(super) struct Placed {
    pub(super) nodes: Vec<Place>,
    /// The artifact, below all; none where it is the end of the way itself.
    pub(super) artifact: Option<Place>,
    pub(super) columns: Vec<(Column, Place)>,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Column {
    const ALL: [Self; 4] = [Self::Signers, Self::Documents, Self::Policies, Self::Gate];

    const fn width(self) -> usize {
        match self {
            Self::Signers => 182,
            Self::Documents => 246,
            Self::Policies => 232,
            Self::Gate => 164,
        }
    }
}

/// The space between two columns, in which lines run.
const GAP: usize = 76;

/// Places all nodes.
pub(super) fn place(graph: &Graph, without_policies: bool) -> Placed {
    let mut columns: Vec<(Column, Place)> = Vec::new();
    let mut x = EDGE;
    for column in Column::ALL {
        if column == Column::Policies && without_policies {
            continue;
        }
        columns.push((column, Place { x, y: TOP, width: column.width() }));
        x += column.width() + GAP;
    }
    let width = x - GAP + EDGE;
    let mut rows: Vec<Vec<usize>> = columns
        .iter()
        .map(|(column, _)| {
            let of = |node: &usize| graph.nodes[*node].column == *column;
            (0..graph.nodes.len()).filter(of).collect()
        })
        .collect();
    settle(graph, &mut rows);
    let most = rows.iter().map(Vec::len).max().unwrap_or(1).max(1);
    let mut nodes = vec![Place { x: 0, y: 0, width: 0 }; graph.nodes.len()];
    for (row, (_, column)) in rows.iter().zip(&columns) {
        let first = TOP + (most - row.len()) * PITCH / 2;
        for (number, node) in row.iter().enumerate() {
            nodes[*node] = Place { y: first + number * PITCH, ..*column };
        }
    }
    let below = TOP + most * PITCH + LANE;
    let artifact = (!without_policies).then_some(Place { x: EDGE, y: below, width: 430 });
    let height = if without_policies { TOP + most * PITCH } else { below + HEIGHT + EDGE };
    Placed { nodes, artifact, columns, width, height }
}

/// Orders each column by where its lines lead, from the right to the left: the policies keep the order
/// of the report. What leads nowhere goes below.
fn settle(graph: &Graph, rows: &mut [Vec<usize>]) {
    for column in (0..rows.len().saturating_sub(1)).rev() {
        let (left, right) = rows.split_at_mut(column + 1);
        let (Some(left), Some(right)) = (left.last_mut(), right.first()) else { continue };
        // The policies keep the order of the report.
        if left.iter().any(|node| graph.nodes[*node].column == Column::Policies) {
            continue;
        }
        let mut row = vec![usize::MAX; graph.nodes.len()];
        for (number, node) in right.iter().enumerate() {
            row[*node] = number;
        }
        let weight = |node: usize| {
            let leads = graph.edges.iter().filter(|edge| edge.from == node);
            let rows: Vec<usize> =
                leads.map(|edge| row[edge.to]).filter(|it| *it != usize::MAX).collect();
            // In thousandths, so that no rounding of fractions decides.
            match rows.len() {
                0 => usize::MAX,
                count => rows.iter().sum::<usize>() * 1_000 / count,
            }
        };
        let mut weighed: Vec<(usize, usize)> =
            left.iter().map(|node| (weight(*node), *node)).collect();
        weighed.sort();
        *left = weighed.into_iter().map(|(_, node)| node).collect();
    }
}
