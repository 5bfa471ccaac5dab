#pragma once

#include "lang/model/model.hpp"

#include <span>

namespace scn::model {

/// Which rival of a contest a stack of layers takes, and why.
struct Decision {
  enum class By : std::uint8_t {
    alone,      ///< all others only copy it
    preference, ///< Model::preferences[preference] ranks it before the others
    published,  ///< it was published last
    agreement,  ///< all state the same figure
    tie,        ///< nothing says which to take; the rival is an arbitrary one
  };
  By by = By::alone;
  std::uint32_t rival = 0;               ///< Contest::rivals
  std::uint32_t other = 0;               ///< of a tie: one that is as good
  std::uint32_t preference = Node::none; ///< Model::preferences
};

/// Decides a contest for a stack of layers, the lowest first. The highest layer with a preference
/// that names a rival decides; in one layer a preference for some cells goes before one for all,
/// and one that lies inside another before that. Where none does, the source published last is
/// taken, a copy counting as published when its original was.
[[nodiscard]] Decision decide(Model const& model, Contest const& contest,
                              std::span<LayerId const> layers,
                              std::uint32_t without_preference = Node::none);

/// When what a document says was first published: of a copy, when its original was.
[[nodiscard]] std::optional<Date> first_published(Model const& model, std::uint32_t document);
/// The document that a copy, or a copy of a copy, goes back to; itself if it is none.
[[nodiscard]] std::uint32_t original_of(Model const& model, std::uint32_t document);

} // namespace scn::model
