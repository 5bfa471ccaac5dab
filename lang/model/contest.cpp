#include "lang/model/contest.hpp"

#include <algorithm>

namespace scn::model {

std::uint32_t original_of(Model const& model, std::uint32_t document) {
  // A circle of copies is refused where it is declared; it ends here all the same.
  for (std::size_t hops = 0; hops < model.documents.size(); ++hops) {
    auto const& next = model.documents[document].copy_of;
    if (!next) break;
    document = *next;
  }
  return document;
}

std::optional<Date> first_published(Model const& model, std::uint32_t document) {
  auto const& original = model.documents[original_of(model, document)].published;
  return original ? original : model.documents[document].published;
}

namespace {

/// The rival that a preference ranks first, if it names any that competes.
std::optional<std::uint32_t> ranked(Preference const& preference, Contest const& contest) {
  for (std::uint32_t document : preference.documents)
    for (std::uint32_t i = 0; i < contest.rivals.size(); ++i)
      if (contest.rivals[i].copies == Node::none && contest.rivals[i].document == document)
        return i;
  return std::nullopt;
}

/// Does one preference of a layer go before another that speaks of the same contest?
bool closer(Preference const& a, Preference const& b) {
  if (!b.line) return a.line.has_value();
  return a.line && b.region.contains(a.region) && !a.region.contains(b.region);
}

} // namespace

Decision decide(Model const& model, Contest const& contest, std::span<LayerId const> layers,
                std::uint32_t without_preference) {
  Decision out;
  std::vector<std::uint32_t> rivals;
  for (std::uint32_t i = 0; i < contest.rivals.size(); ++i)
    if (contest.rivals[i].copies == Node::none) rivals.push_back(i);
  out.rival = rivals[0];
  if (rivals.size() == 1) return out;

  std::size_t height = 0; // of the layer that decided so far, plus one
  for (std::uint32_t p = 0; p < model.preferences.size(); ++p) {
    Preference const& preference = model.preferences[p];
    if (p == without_preference) continue;
    if (preference.line
        && (*preference.line != contest.line || !preference.region.contains(contest.region)))
      continue;
    const auto at = std::find(layers.begin(), layers.end(), preference.layer);
    if (at == layers.end()) continue;
    const std::size_t here = static_cast<std::size_t>(at - layers.begin()) + 1;
    if (here < height) continue;
    if (here == height && !closer(preference, model.preferences[out.preference])) continue;
    const auto first = ranked(preference, contest);
    if (!first) continue;
    height = here;
    out.by = Decision::By::preference;
    out.rival = *first;
    out.preference = p;
  }
  if (height > 0) return out;

  // Rivals are sorted: whoever was published last comes first, whoever has no date comes last.
  out.other = rivals[1];
  const auto last = first_published(model, contest.rivals[rivals[0]].document);
  const auto next = first_published(model, contest.rivals[rivals[1]].document);
  const bool dated = first_published(model, contest.rivals[rivals.back()].document).has_value();
  if (dated && *last != *next) {
    out.by = Decision::By::published;
  } else {
    out.by = contest.agree ? Decision::By::agreement : Decision::By::tie;
    if (!dated) out.other = rivals.back();
  }
  return out;
}

} // namespace scn::model
