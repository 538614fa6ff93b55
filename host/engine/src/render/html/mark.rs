//! Small signs, each of a shape of its own: colour alone says nothing.

use lockgate_model::{CheckState, Level, Opinion, Outcome, RuleState, Status};

/// A sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A tick in a disc.
    Good,
    /// A cross in an octagon.
    Bad,
    /// An exclamation mark in a triangle.
    Doubt,
    /// A question mark in a diamond.
    Unsaid,
    /// A dash in a ring.
    Nothing,
    /// An i in a square.
    Note,
    /// A key.
    Key,
    /// A table.
    Data,
    /// What goes through the lock.
    Vessel,
}

impl Mark {
    const ALL: [Self; 9] = [
        Self::Good,
        Self::Bad,
        Self::Doubt,
        Self::Unsaid,
        Self::Nothing,
        Self::Note,
        Self::Key,
        Self::Data,
        Self::Vessel,
    ];

    pub(super) const fn of_status(status: Status) -> Self {
        match status {
            Status::Fact => Self::Good,
            Status::Accepted => Self::Doubt,
            Status::Rejected => Self::Bad,
            Status::Unrecognised => Self::Nothing,
        }
    }

    pub(super) const fn of_opinion(opinion: Opinion) -> Self {
        match opinion {
            Opinion::Pass => Self::Good,
            Opinion::Fail => Self::Bad,
            Opinion::NotApplicable => Self::Nothing,
            Opinion::Withheld => Self::Unsaid,
        }
    }

    pub(super) const fn of_outcome(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Allowed => Self::Good,
            Outcome::Denied => Self::Bad,
            Outcome::Undecided => Self::Unsaid,
            Outcome::Pending => Self::Doubt,
        }
    }

    pub(super) const fn of_level(level: Level) -> Self {
        match level {
            Level::Violation => Self::Bad,
            Level::Warning => Self::Doubt,
            Level::Note => Self::Note,
        }
    }

    pub(super) const fn of_rule(state: RuleState) -> Self {
        match state {
            RuleState::Checked => Self::Good,
            RuleState::NotApplicable => Self::Nothing,
            RuleState::Unaccounted => Self::Unsaid,
        }
    }

    pub(super) const fn of_check(state: CheckState) -> Self {
        match state {
            CheckState::Done => Self::Good,
            CheckState::NotRequired => Self::Nothing,
            CheckState::NotPossible => Self::Doubt,
        }
    }

    /// The class of what bears it.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Doubt | Self::Unsaid => "doubt",
            Self::Nothing => "faint",
            Self::Note | Self::Key | Self::Data => "plain",
            Self::Vessel => "water",
        }
    }

    /// The name of its drawing.
    pub(super) const fn symbol(self) -> &'static str {
        match self {
            Self::Good => "mark-good",
            Self::Bad => "mark-bad",
            Self::Doubt => "mark-doubt",
            Self::Unsaid => "mark-unsaid",
            Self::Nothing => "mark-nothing",
            Self::Note => "mark-note",
            Self::Key => "mark-key",
            Self::Data => "mark-data",
            Self::Vessel => "mark-vessel",
        }
    }

    /// Its drawing, on a square of 20.
    const fn drawing(self) -> &'static str {
        match self {
            Self::Good => {
                "<circle class=\"f\" cx=\"10\" cy=\"10\" r=\"9\"/><path class=\"g\" d=\"M5.8 10.4l2.9 2.9 5.6-6.2\"/>"
            }
            Self::Bad => {
                "<path class=\"f\" d=\"M6.2 1h7.6L19 6.2v7.6L13.8 19H6.2L1 13.8V6.2z\"/><path class=\"g\" d=\"M6.8 6.8l6.4 6.4M13.2 6.8l-6.4 6.4\"/>"
            }
            Self::Doubt => {
                "<path class=\"f\" d=\"M10 1.6c.7 0 1.3.4 1.6 1l7.2 13.2c.7 1.2-.2 2.7-1.6 2.7H2.8c-1.4 0-2.3-1.5-1.6-2.7L8.4 2.6c.3-.6.9-1 1.6-1z\"/><path class=\"g\" d=\"M10 7v4.8M10 14.9v.2\"/>"
            }
            Self::Unsaid => {
                "<path class=\"f\" d=\"M10 .6L19.4 10 10 19.4.6 10z\"/><path class=\"g\" d=\"M7.7 8.2c0-1.3 1-2.2 2.3-2.2s2.3.9 2.3 2.1c0 1.6-2.3 1.8-2.3 3.6M10 14.2v.2\"/>"
            }
            Self::Nothing => {
                "<circle class=\"r\" cx=\"10\" cy=\"10\" r=\"8.2\"/><path class=\"s\" d=\"M6.5 10h7\"/>"
            }
            Self::Note => {
                "<rect class=\"f\" x=\"1.5\" y=\"1.5\" width=\"17\" height=\"17\" rx=\"4\"/><path class=\"g\" d=\"M10 9.2v5M10 5.8v.2\"/>"
            }
            Self::Key => {
                "<circle class=\"s\" cx=\"6.5\" cy=\"10\" r=\"4.2\"/><path class=\"s\" d=\"M10.7 10H18v3.4M14.8 10v2.6\"/>"
            }
            Self::Data => {
                "<rect class=\"s\" x=\"2.5\" y=\"3.5\" width=\"15\" height=\"13\" rx=\"2\"/><path class=\"s\" d=\"M2.5 8h15M2.5 12.2h15M8 3.5v13\"/>"
            }
            Self::Vessel => {
                "<path class=\"f\" d=\"M1.5 9.5h17l-2.6 5.2c-.3.5-.8.8-1.3.8H5.4c-.6 0-1.1-.3-1.3-.8z\"/><path class=\"f\" d=\"M6 4.5h6v3.6H6z\"/><path class=\"s\" d=\"M1 18c1.5 1.3 3 1.3 4.5 0s3-1.3 4.5 0 3 1.3 4.5 0 3-1.3 4.5 0\"/>"
            }
        }
    }

    /// Where it stands in text; what it says is in the words beside it.
    pub(super) fn shown(self) -> String {
        format!(
            "<svg class=\"mark {}\" width=\"18\" height=\"18\" aria-hidden=\"true\"><use href=\"#{}\"/></svg>",
            self.class(),
            self.symbol()
        )
    }

    /// All drawings, to which the rest of the page refers.
    pub(super) fn drawings() -> String {
        let symbol = |mark: Self| {
            format!(
                "<symbol id=\"{}\" viewBox=\"0 0 20 20\">{}</symbol>",
                mark.symbol(),
                mark.drawing()
            )
        };
        let symbols: String = Self::ALL.into_iter().map(symbol).collect();
        format!(
            "<svg class=\"drawings\" width=\"0\" height=\"0\" aria-hidden=\"true\">{symbols}</svg>\n"
        )
    }
}
