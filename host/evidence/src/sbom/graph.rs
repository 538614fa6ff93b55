//! What depends on what, and how it is reached from what a document describes.
//!
//! Nodes are components by number and, behind them, what the document describes where that is no
//! component. The targets of all nodes stand in one list, so that a graph takes four bytes a
//! dependency and four a node.

use std::collections::VecDeque;
use std::sync::OnceLock;

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// Where every way begins. There are never as many nodes.
const START: u32 = u32::MAX - 1;

/// The dependencies of a document.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// How many components there are; nodes from here on are none.
    components: u32,
    /// Where the targets of each node begin in `targets`, and where the last one's end.
    starts: Vec<u32>,
    // INVARIANT: of each node sorted and distinct, without the node itself.
    targets: Vec<u32>,
    /// What the document describes, sorted.
    roots: Vec<u32>,
    // INVARIANT: sorted and distinct.
    direct: Vec<u32>,
    /// From which node each is reached first, `NONE` where it is not; made when a path is asked for.
    reached: OnceLock<Vec<u32>>,
}

impl Graph {
    /// From dependencies between nodes, in any order and as often as they are stated.
    pub(super) fn new(
        components: u32,
        nodes: u32,
        mut edges: Vec<(u32, u32)>,
        mut roots: Vec<u32>,
    ) -> Self {
        edges.retain(|&(from, to)| from != to && from < nodes && to < nodes);
        edges.sort_unstable();
        edges.dedup();
        let mut starts = Vec::with_capacity(nodes as usize + 1);
        let mut rest = edges.iter().map(|edge| edge.0).peekable();
        let mut start = 0_u32;
        for node in 0..nodes {
            starts.push(start);
            while rest.next_if(|&from| from == node).is_some() {
                start += 1;
            }
        }
        starts.push(start);
        let targets = edges.iter().map(|edge| edge.1).collect();
        roots.sort_unstable();
        roots.dedup();
        let mut graph = Self { components, starts, targets, roots, ..Self::default() };
        let of_roots = graph.roots.iter().flat_map(|&root| graph.dependencies(root));
        let mut direct: Vec<u32> = of_roots.copied().collect();
        direct.sort_unstable();
        direct.dedup();
        graph.direct = direct;
        graph
    }

    /// How many dependencies there are.
    pub(super) fn len(&self) -> usize {
        self.targets.len()
    }

    /// The components on which a node depends, in ascending order.
    pub(super) fn dependencies(&self, node: u32) -> &[u32] {
        let targets = self.targets_of(node);
        let end = targets.partition_point(|&target| target < self.components);
        targets.get(..end).unwrap_or_default()
    }

    /// What the document describes, in ascending order.
    pub(super) fn roots(&self) -> &[u32] {
        &self.roots
    }

    /// The components on which what the document describes depends, in ascending order.
    pub(super) fn direct(&self) -> &[u32] {
        &self.direct
    }

    /// The components on which one depends, directly or by way of others and without itself, in
    /// ascending order.
    pub(super) fn needed_by(&self, component: u32) -> Vec<u32> {
        let mut seen = vec![false; self.nodes()];
        let mut open = vec![component];
        while let Some(node) = open.pop() {
            for &target in self.targets_of(node) {
                if let Some(seen @ false) = seen.get_mut(target as usize) {
                    *seen = true;
                    open.push(target);
                }
            }
        }
        let found = (0..self.components).zip(seen).filter(|(_, seen)| *seen);
        found.map(|(node, _)| node).filter(|&node| node != component).collect()
    }

    /// A shortest way from what the document describes to a component, without the former; of several
    /// the one with the lowest numbers first. To what is described itself the way is that alone.
    pub(super) fn path_to(&self, component: u32) -> Vec<u32> {
        let reached = self.reached.get_or_init(|| self.reach());
        let mut path = Vec::new();
        let mut node = component;
        while let Some(&from) = reached.get(node as usize).filter(|&&from| from != NONE) {
            path.push(node);
            node = from;
        }
        path.reverse();
        path
    }

    /// Looks breadth first, lower numbers first on each level. The nodes of a level then stand in the
    /// order of their lowest ways, so that the first way to a node is the lowest of the shortest.
    fn reach(&self) -> Vec<u32> {
        let mut reached = vec![NONE; self.nodes()];
        let mut open = VecDeque::new();
        let mut reach = |node: u32, from: u32, open: &mut VecDeque<u32>| {
            if let Some(place @ &mut NONE) = reached.get_mut(node as usize) {
                *place = from;
                open.push_back(node);
            }
        };
        self.roots.iter().for_each(|&root| reach(root, START, &mut open));
        open.clear();
        self.direct.iter().for_each(|&node| reach(node, START, &mut open));
        while let Some(node) = open.pop_front() {
            self.targets_of(node).iter().for_each(|&target| reach(target, node, &mut open));
        }
        reached
    }

    fn nodes(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    fn targets_of(&self, node: u32) -> &[u32] {
        let node = node as usize;
        let (Some(&start), Some(&end)) = (self.starts.get(node), self.starts.get(node + 1)) else {
            return &[];
        };
        self.targets.get(start as usize..end as usize).unwrap_or_default()
    }
}
