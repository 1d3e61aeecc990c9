# Compiler settings that every target shares: link to schakel_options.
include(CheckPIESupported)
check_pie_supported()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(schakel_options INTERFACE)
target_compile_options(schakel_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wunused-result
  -Wno-missing-field-initializers  # designated initialisers leave the rest at its default
  -fstack-protector-strong -fcf-protection=full -fno-omit-frame-pointer)
if(SCHAKEL_WERROR)
  target_compile_options(schakel_options INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 warns falsely about these in inlined standard containers.
  target_compile_options(schakel_options INTERFACE
    -fstack-clash-protection -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-stringop-overread
    -Wno-maybe-uninitialized -Wno-dangling-pointer)
  target_compile_options(schakel_options INTERFACE -fpch-preprocess)  # Lets ccache see what a precompiled header holds.
endif()
target_compile_definitions(schakel_options INTERFACE _GLIBCXX_ASSERTIONS SCHAKEL_VERSION="${PROJECT_VERSION}")
target_link_options(schakel_options INTERFACE -Wl,-z,relro,-z,now)

# What the product's own code gets besides: hardening, or the sanitizers. Tests are compiled alike in every build, so that
# ccache has them for the next one; only under TSan, which must see every access, they are instrumented too.
add_library(schakel_product INTERFACE)
target_link_libraries(schakel_product INTERFACE schakel_options)
if(SCHAKEL_SANITIZE)
  target_compile_options(schakel_product INTERFACE -O1 -fsanitize=${SCHAKEL_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SCHAKEL_SANITIZE})
  if(SCHAKEL_SANITIZE MATCHES "thread")
    target_compile_options(schakel_options INTERFACE -Wno-tsan)  # Asio's fences
  endif()
else()
  target_compile_options(schakel_product INTERFACE $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>)
  target_compile_definitions(schakel_product INTERFACE $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
endif()

# One layer, one static library. Only its own include/ is exported, so that an include
# against the arrows of the layering does not find its file; VERIFY_INTERFACE_HEADER_SETS
# proves that each public header compiles alone (target all_verify_interface_header_sets).
# A layer of headers alone gets an empty source, so that it stays an ordinary library to link.
function(schakel_layer name)
  file(GLOB headers CONFIGURE_DEPENDS include/${name}/*.h)
  set(sources ${ARGN})
  if(NOT sources)
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/no_sources.cc)
    file(CONFIGURE OUTPUT ${sources} CONTENT "")  # Leaves an unchanged file alone.
  endif()
  add_library(schakel_${name} STATIC ${sources})
  target_sources(schakel_${name} PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${headers})
  set_target_properties(schakel_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  target_link_libraries(schakel_${name} PRIVATE schakel_product)
endfunction()
