# The web page, built and carried within a program.
#   schakel_embed_web(TARGET)
# adds a source to TARGET that defines EmbeddedWebFiles() (agents/web_files.h). The page is built in the build folder, so
# that the source tree stays as it is: packages once per package-lock.json, the page when one of its sources changes.
# -DSCHAKEL_WEB=OFF leaves it out, and with it node and npm.
set(SCHAKEL_WEB_SOURCE ${CMAKE_CURRENT_LIST_DIR})
function(schakel_embed_web target)
  set(from ${SCHAKEL_WEB_SOURCE})
  set(stage ${CMAKE_CURRENT_BINARY_DIR}/web)
  set(result ${stage}/embedded/web_files.cc)
  if(NOT SCHAKEL_WEB)
    file(CONFIGURE OUTPUT ${stage}/no_web_files.cc @ONLY CONTENT "#include \"agents/web_files.h\"
namespace schakel {
std::span<const WebFile> EmbeddedWebFiles() { return {}; }
}  // namespace schakel
")
    target_sources(${target} PRIVATE ${stage}/no_web_files.cc)
    return()
  endif()
  find_program(SCHAKEL_NODE node REQUIRED)
  find_program(SCHAKEL_NPM npm REQUIRED)
  set(settings ${from}/package.json ${from}/package-lock.json ${from}/.npmrc)
  set(parts ${from}/index.html ${from}/vite.config.ts ${from}/svelte.config.js ${from}/tsconfig.json)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${from}/src/* ${from}/public/* ${from}/scripts/*)
  list(REMOVE_ITEM sources ${from}/src/lib/api/schema.ts)  # Made of openapi.json, in the stage.
  add_custom_command(OUTPUT ${stage}/packages-installed
    COMMAND ${CMAKE_COMMAND} -E make_directory ${stage}
    COMMAND ${CMAKE_COMMAND} -E copy ${settings} ${stage}
    COMMAND ${SCHAKEL_NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch ${stage}/packages-installed
    WORKING_DIRECTORY ${stage} DEPENDS ${settings} COMMENT "Installing what builds the web page" VERBATIM)
  add_custom_command(OUTPUT ${result}
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${stage}/src ${stage}/public ${stage}/scripts ${stage}/dist ${stage}/embedded
    COMMAND ${CMAKE_COMMAND} -E copy ${settings} ${parts} ${stage}
    COMMAND ${CMAKE_COMMAND} -E copy_directory ${from}/src ${stage}/src
    COMMAND ${CMAKE_COMMAND} -E copy_directory ${from}/public ${stage}/public
    COMMAND ${CMAKE_COMMAND} -E copy_directory ${from}/scripts ${stage}/scripts
    COMMAND ${SCHAKEL_NODE} scripts/api-types.mjs ${from}/../api/openapi.json
    COMMAND ${SCHAKEL_NODE} node_modules/vite/bin/vite.js build --logLevel warn
    COMMAND ${SCHAKEL_NODE} scripts/embed.mjs dist embedded
    WORKING_DIRECTORY ${stage}
    DEPENDS ${stage}/packages-installed ${parts} ${sources} ${from}/../api/openapi.json
    COMMENT "Building the web page" VERBATIM)
  target_sources(${target} PRIVATE ${result})
endfunction()
