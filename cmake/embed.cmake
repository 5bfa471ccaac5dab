# Writes the standard library as a C++ source: cmake -DOUT=... -DMODULES="prelude;growth" -DDIR=... -P
file(WRITE ${OUT}.tmp "// Written by cmake/embed.cmake from stdlib/; do not edit.\n"
  "#include \"engine/session/files.hpp\"\n\nnamespace scn {\n\n")
set(cases "")
set(names "")
foreach(module ${MODULES})
  file(READ ${DIR}/${module}.scn text)
  file(APPEND ${OUT}.tmp "static constexpr std::string_view text_${module} = R\"scn(${text})scn\";\n")
  string(APPEND cases "  if (name == \"std.${module}\") return text_${module};\n")
  if(NOT module STREQUAL "prelude")
    string(APPEND names " std.${module}")
  endif()
endforeach()
string(STRIP "${names}" names)
file(APPEND ${OUT}.tmp "\nstd::optional<std::string_view> library_module(std::string_view name) {\n"
  "${cases}  return std::nullopt;\n}\n\n"
  "std::string_view library_modules() { return \"${names}\"; }\n\n} // namespace scn\n")
file(RENAME ${OUT}.tmp ${OUT})
