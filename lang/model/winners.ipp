// The loop over the cells of a region, kept a template so that painting costs no call per cell.

namespace scn::model {

template <class Visit>
void for_each_cell(Model const& model, LineId id, Region const& region, Visit visit) {
  Line const& line = model.line(id);
  const std::uint32_t steps = model.steps(id);
  const std::size_t dimensions = line.dimensions.size();
  const auto along_time = [&](std::uint32_t lane) {
    if (!line.over_time) {
      visit(lane);
      return;
    }
    for (Run r : region.axes[dimensions].runs())
      for (std::uint32_t step = r.begin; step < r.end; ++step)
        visit(lane * steps + step);
  };
  if (region.empty()) return;
  if (dimensions == 0) return along_time(0);
  // All but the last dimension as an odometer, the last one and time as loops.
  std::vector<std::vector<std::uint32_t>> outer;
  std::vector<std::size_t> at(dimensions - 1, 0);
  for (std::size_t d = 0; d + 1 < dimensions; ++d)
    outer.push_back(region.axes[d].indices());
  const auto width =
      static_cast<std::uint32_t>(model.dimension(line.dimensions[dimensions - 1]).members.size());
  while (true) {
    std::uint32_t lane = 0;
    for (std::size_t d = 0; d + 1 < dimensions; ++d)
      lane = lane * static_cast<std::uint32_t>(model.dimension(line.dimensions[d]).members.size())
             + outer[d][at[d]];
    for (Run r : region.axes[dimensions - 1].runs())
      for (std::uint32_t m = r.begin; m < r.end; ++m)
        along_time(lane * width + m);
    std::size_t d = dimensions - 1;
    while (d > 0 && ++at[d - 1] == outer[d - 1].size())
      at[--d] = 0;
    if (d == 0) return;
  }
}

} // namespace scn::model
