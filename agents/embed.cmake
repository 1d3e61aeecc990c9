# Files that a program carries within itself.
#   schakel_embed(TARGET name FILES a.json b/c.svelte ..)
# adds a source to TARGET that defines, in namespace schakel::embedded, one std::string_view per file, named after the
# file: nl_json, openapi_json. Declare it with `extern const std::string_view nl_json;`.
set(SCHAKEL_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed_file.cmake)
function(schakel_embed)
  cmake_parse_arguments(E "" "TARGET" "FILES" ${ARGN})
  foreach(file ${E_FILES})
    get_filename_component(absolute ${file} ABSOLUTE)
    get_filename_component(name ${file} NAME)
    string(MAKE_C_IDENTIFIER ${name} symbol)
    set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.cc)
    add_custom_command(OUTPUT ${source}
      COMMAND ${CMAKE_COMMAND} -DINPUT=${absolute} -DOUTPUT=${source} -DSYMBOL=${symbol} -P ${SCHAKEL_EMBED_SCRIPT}
      DEPENDS ${absolute} ${SCHAKEL_EMBED_SCRIPT} VERBATIM)
    target_sources(${E_TARGET} PRIVATE ${source})
    schakel_alone(${source})
  endforeach()
endfunction()
