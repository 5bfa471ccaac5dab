# Installs the library into a folder of its own, builds the example of docs/internals/embedding.md
# against it, and compares what it prints with what the page says.
set(place ${BUILD}/embed-test)
file(REMOVE_RECURSE ${place})
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE out ERROR_VARIABLE out)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${ARGN}:\n${out}")
  endif()
  set(out "${out}" PARENT_SCOPE)
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${place}/installed)
run(${CMAKE_COMMAND} -S ${SOURCE}/docs/internals/embed -B ${place}/build
  -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_PREFIX_PATH=${place}/installed)
run(${CMAKE_COMMAND} --build ${place}/build)
run(${place}/build/embed)
file(READ ${SOURCE}/docs/internals/embedding.md page)
string(FIND "${page}" "```\n${out}```" at)
if(at EQUAL -1)
  message(FATAL_ERROR "the page does not say what the program prints:\n${out}")
endif()
file(REMOVE_RECURSE ${place})
