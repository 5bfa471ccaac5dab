#include "lang/model/index_set.hpp"

#include <algorithm>

namespace scn::model {

IndexSet IndexSet::of(std::vector<std::uint32_t> indices) {
  std::sort(indices.begin(), indices.end());
  IndexSet out;
  for (std::uint32_t i : indices) {
    if (!out.runs_.empty() && i < out.runs_.back().end) continue; // named twice
    if (!out.runs_.empty() && i == out.runs_.back().end) {
      ++out.runs_.back().end;
    } else {
      out.runs_.push_back({i, i + 1});
    }
  }
  return out;
}

std::uint32_t IndexSet::size() const {
  std::uint32_t n = 0;
  for (Run r : runs_)
    n += r.size();
  return n;
}

bool IndexSet::contains(std::uint32_t index) const {
  auto after = std::upper_bound(runs_.begin(), runs_.end(), index,
                                [](std::uint32_t i, Run r) { return i < r.begin; });
  return after != runs_.begin() && index < (after - 1)->end;
}

bool IndexSet::contains(IndexSet const& other) const {
  auto mine = runs_.begin();
  for (Run r : other.runs_) {
    while (mine != runs_.end() && mine->end < r.end)
      ++mine;
    if (mine == runs_.end() || mine->begin > r.begin) return false;
  }
  return true;
}

bool IndexSet::meets(IndexSet const& other) const {
  auto a = runs_.begin();
  auto b = other.runs_.begin();
  while (a != runs_.end() && b != other.runs_.end()) {
    if (a->begin < b->end && b->begin < a->end) return true;
    if (a->end <= b->end) {
      ++a;
    } else {
      ++b;
    }
  }
  return false;
}

std::vector<std::uint32_t> IndexSet::indices() const {
  std::vector<std::uint32_t> out;
  for (Run r : runs_)
    for (std::uint32_t i = r.begin; i < r.end; ++i)
      out.push_back(i);
  return out;
}

IndexSet IndexSet::shifted(std::int64_t by, std::uint32_t limit) const {
  IndexSet out;
  for (Run r : runs_) {
    const auto begin = std::clamp<std::int64_t>(r.begin + by, 0, limit);
    const auto end = std::clamp<std::int64_t>(r.end + by, 0, limit);
    if (begin < end)
      out.runs_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
  }
  return out;
}

IndexSet unite(IndexSet const& a, IndexSet const& b) {
  std::vector<Run> all = a.runs_;
  all.insert(all.end(), b.runs_.begin(), b.runs_.end());
  std::sort(all.begin(), all.end());
  IndexSet out;
  for (Run r : all) {
    if (!out.runs_.empty() && r.begin <= out.runs_.back().end) {
      out.runs_.back().end = std::max(out.runs_.back().end, r.end);
    } else {
      out.runs_.push_back(r);
    }
  }
  return out;
}

IndexSet intersect(IndexSet const& a, IndexSet const& b) {
  IndexSet out;
  auto x = a.runs_.begin();
  auto y = b.runs_.begin();
  while (x != a.runs_.end() && y != b.runs_.end()) {
    const Run r{std::max(x->begin, y->begin), std::min(x->end, y->end)};
    if (r.begin < r.end) out.runs_.push_back(r);
    if (x->end <= y->end) {
      ++x;
    } else {
      ++y;
    }
  }
  return out;
}

bool Region::empty() const {
  return std::any_of(axes.begin(), axes.end(), [](IndexSet const& s) { return s.empty(); });
}

std::uint64_t Region::size() const {
  std::uint64_t n = 1;
  for (IndexSet const& s : axes)
    n *= s.size();
  return n;
}

bool Region::contains(Region const& other) const {
  for (std::size_t i = 0; i < axes.size(); ++i)
    if (!axes[i].contains(other.axes[i])) return false;
  return true;
}

bool Region::meets(Region const& other) const {
  for (std::size_t i = 0; i < axes.size(); ++i)
    if (!axes[i].meets(other.axes[i])) return false;
  return true;
}

Region intersect(Region const& a, Region const& b) {
  Region out;
  for (std::size_t i = 0; i < a.axes.size(); ++i)
    out.axes.push_back(intersect(a.axes[i], b.axes[i]));
  return out;
}

} // namespace scn::model
