import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { decodeDocument, readDocument } from '../../../src/core/index/readDocument';
import { temporaryFolder } from './temporaryFolder';

const encoders: Record<string, (text: string) => Uint8Array> = {
  'UTF-8': (text) => Buffer.from(text, 'utf8'),
  'UTF-8 with a mark': (text) => Buffer.from(`\ufeff${text}`, 'utf8'),
  'UTF-16 little-endian': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'UTF-16 big-endian': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
};

describe('documents', () => {
  it('come out of every encoding as they went in, line breaks included', () => {
    const text = fc.string({ unit: 'grapheme' }).map((middle) => `Ü${middle}\r\n𝒳 end\r`);
    fc.assert(
      fc.property(text, fc.constantFrom(...Object.keys(encoders)), (written, encoding) => {
        fc.pre(!written.includes('\0'));
        assert.deepEqual(decodeDocument(encoders[encoding](written)), { text: written });
      }),
    );
  });

  it('are told apart from what is no text', () => {
    assert.deepEqual(decodeDocument(new Uint8Array([65, 0, 66])), { skipped: 'binary' });
    assert.deepEqual(decodeDocument(encoders['UTF-16 little-endian']('a\0b')), { skipped: 'binary' });
    assert.deepEqual(decodeDocument(new Uint8Array([0xc3, 0x28])), { skipped: 'encoding' });
    assert.deepEqual(decodeDocument(Buffer.from('caf\xe9', 'latin1')), { skipped: 'encoding' });
    assert.deepEqual(decodeDocument(new Uint8Array([0xff, 0xfe, 65])), { skipped: 'encoding' });
    assert.deepEqual(decodeDocument(new Uint8Array([0xfe, 0xff, 0xd8, 0x00])), { skipped: 'encoding' });
    for (const blank of ['', ' \r\n\t', '\ufeff', '\u00a0\u3000']) {
      assert.deepEqual(decodeDocument(Buffer.from(blank)), { skipped: 'no-text' });
    }
  });

  it('that vanished, grew or are locked are skipped with the reason', async () => {
    const { root, remove } = temporaryFolder({ 'a.md': 'text', 'big.md': 'x'.repeat(2000), 'locked.md': 'text' });
    try {
      const read = async (name: string): Promise<string> => {
        const document = await readDocument(join(root, name), { maxBytes: 1000 });
        return 'text' in document ? document.text : document.skipped;
      };
      assert.equal(await read('a.md'), 'text');
      assert.equal(await read('gone.md'), 'unreadable');
      assert.equal(await read('big.md'), 'too-large');
      assert.equal(await read('.'), 'unreadable');
      chmodSync(join(root, 'locked.md'), 0);
      // To root nothing is locked.
      const mayReadAll = process.platform === 'win32' || process.getuid?.() === 0;
      assert.equal(await read('locked.md'), mayReadAll ? 'text' : 'unreadable');
      const aborted = AbortSignal.abort(new Error('stopped'));
      await assert.rejects(readDocument(join(root, 'a.md'), { maxBytes: 1000, signal: aborted }), /stopped/);
    } finally {
      remove();
    }
  });
});
