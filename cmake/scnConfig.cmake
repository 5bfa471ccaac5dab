# For find_package(scn): the target scn::engine. What the library is built from is linked, too.
include(CMakeFindDependencyMacro)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
find_dependency(Boost 1.74 CONFIG)
find_dependency(fmt)
find_dependency(nlohmann_json)
find_dependency(Threads)
find_dependency(utf8proc)
include(${CMAKE_CURRENT_LIST_DIR}/scnTargets.cmake)
