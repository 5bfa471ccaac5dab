#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace scn {

/// Memory that is given back all at once. Only trivially destructible things live here, so that
/// dropping a tree of any depth never recurses.
class Arena {
 public:
  Arena() = default;
  Arena(Arena&&) noexcept = default;
  Arena& operator=(Arena&&) noexcept = default;

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
  }

  template <class T>
  T* array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return static_cast<T*>(allocate(sizeof(T) * count, alignof(T)));
  }

  std::string_view copy(std::string_view text) {
    char* out = array<char>(text.size());
    text.copy(out, text.size());
    return {out, text.size()};
  }

 private:
  void* allocate(std::size_t size, std::size_t align) {
    std::size_t start = (used_ + align - 1) & ~(align - 1);
    if (chunks_.empty() || start + size > capacity_) {
      capacity_ = size > chunk_size ? size : chunk_size;
      chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(capacity_));
      start = 0;
    }
    used_ = start + size;
    return chunks_.back().get() + start;
  }

  static constexpr std::size_t chunk_size = 64 * 1024;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::size_t used_ = 0;
  std::size_t capacity_ = 0;
};

/// A list that grows inside an arena. It owns nothing; copies share the elements.
template <class T>
class List {
 public:
  void push(Arena& arena, T const& value) {
    if (size_ == capacity_) {
      const std::uint32_t wanted = capacity_ == 0 ? 4 : capacity_ * 2;
      T* grown = arena.array<T>(wanted);
      for (std::uint32_t i = 0; i < size_; ++i)
        new (grown + i) T(data_[i]);
      data_ = grown;
      capacity_ = wanted;
    }
    new (data_ + size_++) T(value);
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] T const* begin() const { return data_; }
  [[nodiscard]] T const* end() const { return data_ + size_; }
  T const& operator[](std::size_t i) const { return data_[i]; }
  T const& back() const { return data_[size_ - 1]; }

 private:
  T* data_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
};

} // namespace scn
