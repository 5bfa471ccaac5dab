# Half of the time in which the program answers a small question is spent on finding, mapping and
# binding shared libraries, so the optimized one has none. Sets `scn_static`, and gives fmt as
# `scn_fmt`.
#
# Debian has fmt as a shared library only, so here it is made from its headers: a file in which
# all of it is inline, and in which every inline function is kept. That is a flag of g++.
set(scn_static OFF)
if(SCN_STATIC AND NOT SCN_SANITIZE AND CMAKE_BUILD_TYPE STREQUAL "Release"
   AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  find_library(scn_static_utf8proc libutf8proc.a)
  find_library(scn_static_libc libc.a)
  if(scn_static_utf8proc AND scn_static_libc)
    set(scn_static ON)
  endif()
endif()

if(scn_static)
  set_target_properties(utf8proc::utf8proc PROPERTIES IMPORTED_LOCATION ${scn_static_utf8proc})
  add_library(scn_fmt STATIC cmake/fmt.cpp)
  set_source_files_properties(cmake/fmt.cpp PROPERTIES COMPILE_OPTIONS -fkeep-inline-functions)
  target_include_directories(scn_fmt SYSTEM PUBLIC
    $<TARGET_PROPERTY:fmt::fmt,INTERFACE_INCLUDE_DIRECTORIES>)
else()
  add_library(scn_fmt INTERFACE)
  target_link_libraries(scn_fmt INTERFACE fmt::fmt)
endif()
