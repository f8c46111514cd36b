//! From the marketplace's indicators to ours.

use crate::domain::indicator::Indicator;
use crate::domain::indicator::Limit;
use crate::octopia::sellers;

/// Translates one. A limit without a kind that is known is none: on which side of it to stay is not to be guessed.
pub fn indicator(wire: &sellers::Indicator) -> Indicator {
    let limit = wire.threshold.and_then(|value| match wire.threshold_type.as_deref() {
        Some("TresholdMin" | "ThresholdMin") => Some(Limit::AtLeast(value)),
        Some("TresholdMax" | "ThresholdMax") => Some(Limit::AtMost(value)),
        Some(_) | None => None,
    });
    Indicator {
        name: wire.name.clone(),
        description: wire.description.clone(),
        value: wire.value_d30,
        limit,
        compliant: wire.compliant_d30,
        computed_at: wire.computation_date,
    }
}
