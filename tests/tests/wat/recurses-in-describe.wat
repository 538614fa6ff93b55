;; Calls itself for ever while it should say what it is.
(module
  (memory (export "memory") 1)
  (func $deeper (param i32) (result i32)
    (i32.add (call $deeper (i32.add (local.get 0) (i32.const 1))) (local.get 0)))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
  (func (export "lockgate:policy/plugin@0.1.0#describe") (result i32)
    (call $deeper (i32.const 0)))
  (func (export "lockgate:policy/plugin@0.1.0#validate-settings") (param i32 i32) (result i32)
    (i32.const 0))
  (func (export "lockgate:policy/plugin@0.1.0#evaluate") (param i32 i32) (result i32)
    (i32.const 0)))
