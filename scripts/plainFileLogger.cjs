// Stands in for VS Code's native logger, which would have to be compiled: without it output channels stay empty in the
// VS Code of the npm registry, `Latent Lens: Show Log` among them. Installed beside the server by vscodeWeb.mjs.
const { appendFileSync, mkdirSync } = require('node:fs');
const path = require('node:path');

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

class Logger {
  #level = 2;
  #formatted = true;

  /** @param {string} file */
  constructor(file) {
    this.file = file;
  }

  /** @param {number} level @param {string} message */
  #write(level, message) {
    if (level < this.#level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    try {
      appendFileSync(this.file, this.#formatted ? `${time} [${levels[level]}] ${message}\n` : message);
    } catch {
      // The folder of a session that has ended is gone: nobody reads its log.
    }
  }

  /** @param {number} level */
  setLevel(level) {
    this.#level = level;
  }

  clearFormatters() {
    this.#formatted = false;
  }

  setPattern() {}
  flush() {}
  drop() {}

  /** @param {string} message */
  trace(message) {
    this.#write(0, message);
  }
  /** @param {string} message */
  debug(message) {
    this.#write(1, message);
  }
  /** @param {string} message */
  info(message) {
    this.#write(2, message);
  }
  /** @param {string} message */
  warn(message) {
    this.#write(3, message);
  }
  /** @param {string} message */
  error(message) {
    this.#write(4, message);
  }
  /** @param {string} message */
  critical(message) {
    this.#write(5, message);
  }
}

/** @param {string} _name @param {string} file */
async function createLogger(_name, file) {
  mkdirSync(path.dirname(file), { recursive: true });
  return new Logger(file);
}

exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
exports.setFlushOn = () => {};
