//! The evidence as a picture: who signed which document, which policy read it, and what came out.
//!
//! Here is what is drawn; [`layout`] says where, [`draw`] how. Of many things those that are alike
//! become one node with their number, so that the picture can be read with one document and with
//! hundreds.

mod draw;
mod layout;

use std::collections::{BTreeMap, BTreeSet};

use lockgate_model::{
    Digest, Document, Effect, Level, Opinion, Outcome, PolicyReport, Stage, Status, Subject,
};

use super::mark::Mark;
use crate::render::words::{self, count};

/// How many nodes of a column stand for one thing each. More make the picture taller than a screen.
const MAX_SINGLE: usize = 16;

/// What is drawn.
pub(super) struct Picture<'a> {
    /// What is judged.
    pub(super) subject: &'a Subject,
    /// What there is about it.
    pub(super) documents: &'a [Document],
    /// Who looked at it.
    pub(super) policies: &'a [PolicyReport],
    /// What came out, and where it wants to go; none where nothing was judged.
    pub(super) gate: Option<(Outcome, &'a Stage)>,
}

/// A column, from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Signers,
    Documents,
    Policies,
    Gate,
}

/// One thing, or several that are alike.
#[derive(Debug, Clone)]
struct Node {
    column: Column,
    mark: Mark,
    title: String,
    below: String,
    /// In full, for whoever points at it.
    full: String,
    /// Where on the page it is told of.
    anchor: Option<String>,
}

/// What leads from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    from: usize,
    to: usize,
    line: Line,
}

/// What it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Line {
    /// Somebody signed it; a policy read it; a policy passed.
    Good,
    /// A violation rests on it, or the policy fails.
    Bad,
    /// The policy cannot say, or nobody vouches.
    Doubt,
    /// It changes nothing.
    Faint,
}

#[derive(Default)]
struct Graph {
    nodes: Vec<Node>,
    edges: BTreeSet<Edge>,
    /// Policies that looked inside the artifact.
    inside: BTreeSet<usize>,
}

/// The picture as inline SVG.
pub(super) fn svg(picture: &Picture<'_>) -> String {
    let graph = Graph::of(picture);
    let placed = layout::place(&graph, picture.policies.is_empty());
    draw::svg(&graph, &placed, picture)
}

impl Graph {
    fn of(picture: &Picture<'_>) -> Self {
        let mut graph = Self::default();
        let documents = graph.documents(picture.documents);
        graph.signers(picture.documents, &documents);
        let gate = graph.gate(picture);
        let mut by_digest: BTreeMap<Digest, Vec<usize>> = BTreeMap::new();
        for (document, node) in picture.documents.iter().zip(&documents) {
            let counts = matches!(document.status, Status::Fact | Status::Accepted);
            if let Some(digest) = document.digest.filter(|_| counts) {
                by_digest.entry(digest).or_default().push(*node);
            }
        }
        if picture.gate.is_some() {
            graph.policies(picture.policies, &mut by_digest, gate);
        } else {
            for (document, from) in picture.documents.iter().zip(&documents) {
                let line = if document.status == Status::Fact { Line::Good } else { Line::Doubt };
                if matches!(document.status, Status::Fact | Status::Accepted) {
                    graph.edges.insert(Edge { from: *from, to: gate, line });
                }
            }
        }
        // Where a violation rests on something, that it was read is no news.
        let bad = graph.edges.iter().filter(|edge| edge.line == Line::Bad);
        let bad: BTreeSet<_> = bad.map(|edge| (edge.from, edge.to)).collect();
        let told = |edge: &Edge| edge.line != Line::Good || !bad.contains(&(edge.from, edge.to));
        graph.edges.retain(told);
        graph
    }

    fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// The node of each document.
    fn documents(&mut self, documents: &[Document]) -> Vec<usize> {
        let single = documents.len() <= MAX_SINGLE;
        let key = |number: usize, document: &Document, by_signer: bool| {
            let signers = if by_signer { document.signers.clone() } else { Vec::new() };
            (document.status, document.kind, signers, if single { number } else { 0 })
        };
        let keys = |by_signer| {
            let keys = documents.iter().enumerate();
            keys.map(|(number, it)| key(number, it, by_signer)).collect::<Vec<_>>()
        };
        let mut keys_ = keys(true);
        if !single && keys_.iter().collect::<BTreeSet<_>>().len() > MAX_SINGLE {
            keys_ = keys(false);
        }
        let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (number, key) in keys_.iter().enumerate() {
            groups.entry(key).or_default().push(number);
        }
        let mut of = vec![0; documents.len()];
        for members in groups.values() {
            let (Some(first), number) = (members.first(), members.len()) else { continue };
            let document = &documents[*first];
            let kind = document.kind.map_or("no known kind", lockgate_model::Kind::as_str);
            let (title, below) = if number == 1 {
                (words::shown_path(document), kind.to_owned())
            } else {
                (format!("{number} × {kind}"), words::status(document.status).to_owned())
            };
            let reason = document.reason.as_ref().map(|it| format!("; {it}")).unwrap_or_default();
            let full = match number {
                1 => format!("{title}: {kind}, {}{reason}", words::vouched(document)),
                _ => format!("{title}, each {}", words::vouched(document)),
            };
            let node = self.add(Node {
                column: Column::Documents,
                mark: Mark::of_status(document.status),
                title,
                below,
                full,
                anchor: Some(format!("document-{first}")),
            });
            for member in members {
                of[*member] = node;
            }
        }
        if documents.is_empty() {
            self.add(Node {
                column: Column::Documents,
                mark: Mark::Nothing,
                title: "no document".into(),
                below: "nothing was found".into(),
                full: "no document was found".into(),
                anchor: None,
            });
        }
        of
    }

    fn signers(&mut self, documents: &[Document], nodes: &[usize]) {
        let mut signed: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        let mut unsigned = BTreeSet::new();
        for (document, node) in documents.iter().zip(nodes) {
            for signer in &document.signers {
                signed.entry(signer).or_default().insert(*node);
            }
            if document.status == Status::Accepted {
                unsigned.insert(*node);
            }
        }
        let mut signed: Vec<_> = signed.into_iter().collect();
        let others =
            if signed.len() > MAX_SINGLE { signed.split_off(MAX_SINGLE - 1) } else { vec![] };
        let signer = |title: String, below: &str, mark| Node {
            column: Column::Signers,
            mark,
            full: format!("{title}: {below}"),
            title,
            below: below.into(),
            anchor: None,
        };
        for (name, documents) in signed {
            let from = self.add(signer(name.to_owned(), "trusted signer", Mark::Key));
            self.edges.extend(documents.into_iter().map(|to| Edge { from, to, line: Line::Good }));
        }
        if !others.is_empty() {
            let title = format!("{} more", others.len());
            let from = self.add(signer(title, "trusted signers", Mark::Key));
            let documents = others.into_iter().flat_map(|(_, documents)| documents);
            self.edges.extend(documents.map(|to| Edge { from, to, line: Line::Good }));
        }
        if !unsigned.is_empty() {
            let from = self.add(signer("nobody".into(), "the stage accepts that", Mark::Doubt));
            self.edges.extend(unsigned.into_iter().map(|to| Edge { from, to, line: Line::Doubt }));
        }
    }

    fn gate(&mut self, picture: &Picture<'_>) -> usize {
        let node = match picture.gate {
            Some((outcome, stage)) => Node {
                column: Column::Gate,
                mark: Mark::of_outcome(outcome),
                title: outcome.as_str().to_owned(),
                below: format!("into {stage}"),
                full: format!("the gate of {stage}: {}", outcome.as_str()),
                anchor: None,
            },
            None => Node {
                column: Column::Gate,
                mark: Mark::Vessel,
                title: picture.subject.name.to_string(),
                below: "the artifact".into(),
                full: format!("{}, {}", picture.subject.name, picture.subject.digest),
                anchor: None,
            },
        };
        self.add(node)
    }

    fn policies(
        &mut self,
        policies: &[PolicyReport],
        by_digest: &mut BTreeMap<Digest, Vec<usize>>,
        gate: usize,
    ) {
        // Those that are well need no node of their own where there are many.
        let many = policies.len() > MAX_SINGLE;
        let troubled = |policy: &&PolicyReport| policy.opinion != Opinion::Pass;
        let all_alike = many && policies.iter().filter(troubled).count() > MAX_SINGLE;
        let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (number, policy) in policies.iter().enumerate() {
            let alike = all_alike || (many && policy.opinion == Opinion::Pass);
            let single = if alike { usize::MAX } else { number };
            groups.entry((single, policy.effect, policy.opinion)).or_default().push(number);
        }
        for members in groups.values() {
            let Some(first) = members.first() else { continue };
            let policy = &policies[*first];
            let opinion = words::opinion(policy.opinion);
            let advisory = if policy.effect == Effect::Advisory { ", advisory" } else { "" };
            let title = match members.len() {
                1 => policy.name.clone(),
                number => count(number, "policy", "policies"),
            };
            let to = self.add(Node {
                column: Column::Policies,
                mark: Mark::of_opinion(policy.opinion),
                full: format!("{title}: {opinion}{advisory}"),
                title,
                below: format!("{opinion}{advisory}"),
                anchor: Some(format!("policy-{first}")),
            });
            for member in members {
                self.reads(&policies[*member], to, by_digest);
            }
            let line = match (policy.effect, policy.opinion) {
                (_, Opinion::Pass) => Line::Good,
                (Effect::Advisory, _) | (_, Opinion::NotApplicable) => Line::Faint,
                (Effect::Required, Opinion::Fail) => Line::Bad,
                (Effect::Required, Opinion::Withheld) => Line::Doubt,
            };
            self.edges.insert(Edge { from: to, to: gate, line });
        }
    }

    /// What a policy read, and on what of it a violation rests.
    fn reads(
        &mut self,
        policy: &PolicyReport,
        to: usize,
        by_digest: &mut BTreeMap<Digest, Vec<usize>>,
    ) {
        let violations = || policy.findings.iter().filter(|it| it.level == Level::Violation);
        let blamed: BTreeSet<Digest> =
            violations().flat_map(|finding| finding.evidence.iter().copied()).collect();
        // One that names nothing rests on all that was read.
        let all = violations().any(|finding| finding.evidence.is_empty());
        if policy.read.contents {
            self.inside.insert(to);
        }
        for digest in policy.read.documents.iter().chain(&policy.read.data) {
            let is_data = policy.read.data.binary_search(digest).is_ok();
            if is_data && !by_digest.contains_key(digest) {
                let node = self.add(Node {
                    column: Column::Documents,
                    mark: Mark::Data,
                    title: "data file".into(),
                    below: format!("{}…", digest.hex().get(..12).unwrap_or_default()),
                    full: format!("a data file that the policy file hands over: {digest}"),
                    anchor: None,
                });
                by_digest.insert(*digest, vec![node]);
            }
            let line = if all || blamed.contains(digest) { Line::Bad } else { Line::Good };
            let from = by_digest.get(digest).map(Vec::as_slice).unwrap_or_default();
            self.edges.extend(from.iter().map(|from| Edge { from: *from, to, line }));
        }
    }
}

#[cfg(test)]
mod tests {
    use lockgate_model::{Kind, ReadSet, Text};

    use super::*;

    const KINDS: [Kind; 3] = [Kind::Sbom, Kind::Provenance, Kind::Signature];

    fn document(number: usize) -> Document {
        let status = match number % 5 {
            3 => Status::Rejected,
            4 => Status::Accepted,
            _ => Status::Fact,
        };
        let signers =
            if status == Status::Fact { vec![format!("signer-{}", number % 7)] } else { vec![] };
        Document {
            path: Text::escaped(&format!("folder/document-{number}.sigstore.json")),
            index: 0,
            digest: Some(digest(number)),
            kind: Some(KINDS[number % KINDS.len()]),
            status,
            signers,
            reason: None,
            help: None,
            checks: None,
        }
    }

    fn digest(number: usize) -> Digest {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        Digest::from_sha256(bytes)
    }

    fn policy(number: usize, documents: usize) -> PolicyReport {
        PolicyReport {
            name: format!("policy-{number}"),
            plugin: "builtin:sbom".into(),
            digest: digest(0),
            effect: Effect::Required,
            opinion: if number % 4 == 1 { Opinion::Fail } else { Opinion::Pass },
            reason: None,
            capabilities: Vec::new(),
            rules: Vec::new(),
            findings: Vec::new(),
            exceptions: Vec::new(),
            read: ReadSet {
                documents: (0..documents).filter(|it| it % 3 == number % 3).map(digest).collect(),
                ..ReadSet::default()
            },
        }
    }

    /// The graph, and its height.
    fn graph(documents: usize, policies: usize) -> (Graph, usize) {
        let subject = Subject { name: Text::escaped("app"), digest: digest(0) };
        let stage = "production".parse().unwrap();
        let documents: Vec<_> = (0..documents).map(document).collect();
        let policies: Vec<_> =
            (0..policies).map(|number| policy(number, documents.len())).collect();
        let gate = Some((Outcome::Denied, &stage));
        let picture =
            Picture { subject: &subject, documents: &documents, policies: &policies, gate };
        let graph = Graph::of(&picture);
        let height = layout::place(&graph, false).height;
        (graph, height)
    }

    fn count(graph: &Graph, column: Column) -> usize {
        graph.nodes.iter().filter(|node| node.column == column).count()
    }

    #[test]
    fn a_few_things_are_each_themselves() {
        let (one, _) = graph(1, 1);
        assert_eq!(one.nodes.len(), 4, "a signer, a document, a policy, the gate");
        assert_eq!(one.edges.len(), 3);
        let (none, _) = graph(0, 1);
        assert_eq!(none.nodes[0].title, "no document");
        let (few, _) = graph(MAX_SINGLE, MAX_SINGLE);
        assert_eq!(count(&few, Column::Documents), MAX_SINGLE);
        assert_eq!(count(&few, Column::Policies), MAX_SINGLE);
    }

    #[test]
    fn many_things_that_are_alike_are_one_with_their_number() {
        for (documents, policies) in [(60, 12), (60, 60), (2_000, 200)] {
            let (graph, height) = graph(documents, policies);
            assert!(count(&graph, Column::Documents) <= MAX_SINGLE, "{documents}");
            assert!(count(&graph, Column::Policies) <= MAX_SINGLE + 1, "{policies}");
            assert!(height < 1_400, "{height}");
            let titles = graph.nodes.iter().map(|node| &node.title);
            let told: usize =
                titles.filter_map(|title| title.split_once(" × ")?.0.parse::<usize>().ok()).sum();
            let alone = graph.nodes.iter().filter(|node| node.title.contains("document-")).count();
            assert_eq!(told + alone, documents, "every document is counted");
        }
    }

    #[test]
    fn the_same_report_is_the_same_picture() {
        let drawn = || format!("{:?} {:?}", graph(60, 12).0.nodes, graph(60, 12).0.edges);
        assert_eq!(drawn(), drawn());
    }
}
