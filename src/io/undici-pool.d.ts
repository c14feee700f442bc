// The pool alone: undici's root loads fetch, caches and WebSocket too, which cost a third of the start-up.
declare module 'undici/lib/dispatcher/pool.js' {
  const pool: typeof import('undici').Pool;
  export default pool;
}
