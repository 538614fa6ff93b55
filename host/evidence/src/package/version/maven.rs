//! Maven's versions, in the order of its `ComparableVersion`
//! (<https://maven.apache.org/pom.html#version-order-specification>).
//!
//! Maven keeps a list in which each dash begins a list inside. Here the lists stand one behind the
//! other: a list has at most one inside, and that is its last member.
//!
//! In a few corners Maven's order goes round in a circle (`1-rc1`, `1`, `1.x.`), and no order does. So
//! a word always begins a list, which Maven does for the last one alone, a list with nothing but
//! another inside is that other, and a release with a number (`1-ga1`) comes behind the release.

use std::cmp::Ordering;

use super::number::Number;

#[derive(Debug, Clone)]
pub(super) struct Version {
    // INVARIANT: none of them is empty.
    lists: Vec<Vec<Item>>,
}

#[derive(Debug, Clone)]
enum Item {
    Number(Number),
    Word(Word),
    /// A word right before a number, or with a dash between: `rc1`, `rc-1`.
    Both(Word, Number),
}

/// Qualifiers that Maven knows come in their order, and then the others by the alphabet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Word {
    Alpha,
    Beta,
    Milestone,
    Candidate,
    Snapshot,
    /// `ga`, `final` and `release`; what is not there is as good as this.
    Release,
    ServicePack,
    Other(Box<str>),
}

/// Reads one. The error says what is wrong.
pub(super) fn read(text: &str) -> Result<Version, &'static str> {
    if text.is_empty() {
        return Err("it is empty");
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("it has space or control characters");
    }
    Ok(Reader::new(&text.to_lowercase()).read())
}

/// What is known while a text is read from left to right.
struct Reader<'t> {
    text: &'t str,
    lists: Vec<Vec<Item>>,
    /// Where the item begins that is being read.
    start: usize,
    in_digits: bool,
    /// Whether that item is a word and, behind it, a number.
    in_both: bool,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, lists: vec![Vec::new()], start: 0, in_digits: false, in_both: false }
    }

    fn read(mut self) -> Version {
        let mut chars = self.text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '.' => self.end_item(at),
                '-' => {
                    let before_digit = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
                    if at > self.start && !self.in_digits && before_digit {
                        // `rc-1` is `rc1`.
                        self.in_both = true;
                        continue;
                    }
                    self.end_item(at);
                    self.begin_list();
                }
                '0'..='9' => {
                    self.in_both |= !self.in_digits && at > self.start;
                    self.in_digits = true;
                }
                _ => {
                    if self.in_digits && at > self.start {
                        self.add(at);
                        self.start = at;
                        self.in_both = false;
                    }
                    if at == self.start {
                        self.begin_list();
                    }
                    self.in_digits = false;
                }
            }
        }
        if self.text.len() > self.start {
            self.add(self.text.len());
        }
        normalised(self.lists)
    }

    /// Ends an item at a dot or a dash, which takes one byte; where nothing is, zero stands.
    fn end_item(&mut self, at: usize) {
        if at == self.start {
            self.push(Item::Number(Number::zero()));
        } else {
            self.add(at);
        }
        self.start = at + 1;
        self.in_both = false;
    }

    /// Adds the item that ends there.
    fn add(&mut self, end: usize) {
        let text = self.text.get(self.start..end).unwrap_or_default();
        let word_end = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
        let (word, number) = text.split_at_checked(word_end).unwrap_or((text, ""));
        let item = match Number::read(if self.in_both { number } else { text }) {
            Some(number) if self.in_both => {
                Item::Both(Word::of(word.trim_end_matches('-'), true), number)
            }
            Some(number) => Item::Number(number),
            None => Item::Word(Word::of(text, false)),
        };
        self.push(item);
    }

    fn push(&mut self, item: Item) {
        if let Some(list) = self.lists.last_mut() {
            list.push(item);
        }
    }

    fn begin_list(&mut self) {
        if self.lists.last().is_some_and(|list| !list.is_empty()) {
            self.lists.push(Vec::new());
        }
    }
}

/// Takes away what means nothing: zeros and empty words at an end or before a word.
fn normalised(lists: Vec<Vec<Item>>) -> Version {
    // From the last list to the first, each with those inside it.
    let mut inner: Vec<Vec<Item>> = Vec::new();
    for list in lists.into_iter().rev() {
        // From the last item to the first.
        let mut kept: Vec<Item> = Vec::new();
        for item in list.into_iter().rev() {
            let before_word = match (kept.last(), inner.last()) {
                (Some(next), _) => matches!(next, Item::Word(_)),
                (None, Some(inside)) => {
                    matches!(inside.first(), Some(Item::Word(_) | Item::Both(..)))
                }
                (None, None) => true,
            };
            if !(item.is_nothing() && before_word) {
                kept.push(item);
            }
        }
        kept.reverse();
        if !kept.is_empty() {
            inner.push(kept);
        }
    }
    inner.reverse();
    Version { lists: inner }
}

impl Word {
    fn of(text: &str, before_number: bool) -> Self {
        match text {
            "a" if before_number => Self::Alpha,
            "b" if before_number => Self::Beta,
            "m" if before_number => Self::Milestone,
            "alpha" => Self::Alpha,
            "beta" => Self::Beta,
            "milestone" => Self::Milestone,
            "rc" | "cr" => Self::Candidate,
            "snapshot" => Self::Snapshot,
            "ga" | "final" | "release" => Self::Release,
            "sp" => Self::ServicePack,
            other => Self::Other(other.into()),
        }
    }
}

impl Item {
    fn is_nothing(&self) -> bool {
        self.against_nothing().is_eq()
    }

    /// Whether it comes before or behind what is not there.
    fn against_nothing(&self) -> Ordering {
        let number_is = |number: &Number| {
            if number.is_zero() { Ordering::Equal } else { Ordering::Greater }
        };
        match self {
            Self::Number(number) => number_is(number),
            Self::Word(word) => word.cmp(&Word::Release),
            Self::Both(word, number) => word.cmp(&Word::Release).then(number_is(number)),
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(ours), Self::Number(theirs)) => ours.cmp(theirs),
            (Self::Number(_), _) => Ordering::Greater,
            (_, Self::Number(_)) => Ordering::Less,
            (Self::Word(ours), Self::Word(theirs)) => ours.cmp(theirs),
            (Self::Word(ours), Self::Both(theirs, _)) => ours.cmp(theirs).then(Ordering::Less),
            (Self::Both(ours, _), Self::Word(theirs)) => ours.cmp(theirs).then(Ordering::Greater),
            (Self::Both(ours, our), Self::Both(theirs, their)) => (ours, our).cmp(&(theirs, their)),
        }
    }

    /// Against a list at the same place: numbers come behind it, words before it.
    fn against_list(&self) -> Ordering {
        match self {
            Self::Number(_) => Ordering::Greater,
            Self::Word(_) | Self::Both(..) => Ordering::Less,
        }
    }
}

/// What stands at a place of a list.
#[derive(Clone, Copy)]
enum Member<'v> {
    Item(&'v Item),
    /// The list inside, and those inside that.
    List(&'v [Vec<Item>]),
    Nothing,
}

impl<'v> Member<'v> {
    fn of(lists: &'v [Vec<Item>], place: usize) -> Self {
        let Some((list, inside)) = lists.split_first() else { return Self::Nothing };
        match list.get(place) {
            Some(item) => Self::Item(item),
            None if place == list.len() && !inside.is_empty() => Self::List(inside),
            None => Self::Nothing,
        }
    }

    fn against_nothing(self) -> Ordering {
        match self {
            Self::Item(item) => item.against_nothing(),
            // The first that tells a difference, however deep.
            Self::List(lists) => {
                let mut items = lists.iter().flatten().map(Item::against_nothing);
                items.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
            }
            Self::Nothing => Ordering::Equal,
        }
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut ours, mut theirs) = (&*self.lists, &*other.lists);
        let mut place = 0;
        loop {
            let order = match (Member::of(ours, place), Member::of(theirs, place)) {
                (Member::Nothing, Member::Nothing) => return Ordering::Equal,
                (our, Member::Nothing) => our.against_nothing(),
                (Member::Nothing, their) => their.against_nothing().reverse(),
                (Member::Item(our), Member::Item(their)) => our.compare(their),
                (Member::List(our), Member::List(their)) => {
                    (ours, theirs, place) = (our, their, 0);
                    continue;
                }
                (Member::Item(item), Member::List(_)) => item.against_list(),
                (Member::List(_), Member::Item(item)) => item.against_list().reverse(),
            };
            if order.is_ne() {
                return order;
            }
            place += 1;
        }
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}
