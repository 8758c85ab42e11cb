import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { readText } from '../../../src/core/index/readText';
import { decodeText } from '../../../src/core/index/textEncoding';
import { temporaryFolder } from './temporaryFolder';

const encoders: Record<string, (text: string) => Uint8Array> = {
  'UTF-8': (text) => Buffer.from(text, 'utf8'),
  'UTF-8 with a mark': (text) => Buffer.from(`\ufeff${text}`, 'utf8'),
  'UTF-16 little-endian': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'UTF-16 big-endian': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
};

const reasonOf = (bytes: Uint8Array, expected?: string): string => {
  const decoded = decodeText(bytes, expected);
  return 'leftOut' in decoded ? `${decoded.leftOut.reason}: ${decoded.leftOut.detail}` : decoded.encoding;
};

describe('the text of a file', () => {
  it('comes out of every encoding as it went in, line breaks included', () => {
    const text = fc.string({ unit: 'grapheme' }).map((middle) => `Ü${middle}\r\n𝒳 end\r`);
    fc.assert(
      fc.property(text, fc.constantFrom(...Object.keys(encoders)), (written, encoding) => {
        fc.pre(!written.includes('\0'));
        const decoded = decodeText(encoders[encoding](written));
        assert.equal('text' in decoded && decoded.text, written);
      }),
    );
  });

  it('comes from UTF-16 without a mark by its zeros, as in VS Code', () => {
    const wide = Buffer.from('Plain text, line one.\r\nline two', 'utf16le');
    assert.deepEqual(decodeText(wide), { text: 'Plain text, line one.\r\nline two', encoding: 'UTF-16 LE' });
    assert.equal(reasonOf(Buffer.from(wide).swap16()), 'UTF-16 BE');
    assert.equal(reasonOf(Buffer.from('日本 text', 'utf16le'), 'utf16le'), 'UTF-16 LE');
  });

  it('comes in what files.encoding names, when nothing in the file says otherwise', () => {
    const texts: Record<string, string> = {
      windows1252: '“naïve” café – €5',
      shiftjis: '日本語のテキスト',
      cp437: 'Straße ½ ≥',
      koi8r: 'Привет, мир',
      gb18030: '汉字和😀',
      iso88592: 'Příliš žluťoučký',
      macroman: 'déjà vu…',
    };
    for (const [encoding, text] of Object.entries(texts)) {
      assert.deepEqual(decodeText(iconv.encode(text, encoding), encoding), { text, encoding });
      assert.equal(reasonOf(Buffer.from(`\ufeff${text}`), encoding), 'UTF-8');
    }
    // As VS Code does with a setting that it does not know.
    assert.equal(reasonOf(Buffer.from('é'), 'nonsense'), 'UTF-8');
  });

  it('is told apart from what is no text, with what was seen or tried', () => {
    assert.equal(reasonOf(new Uint8Array([65, 0, 66])), 'binary: byte 1 is zero');
    assert.match(reasonOf(encoders['UTF-16 little-endian']('a\0b')), /^binary: /);
    assert.equal(
      reasonOf(Buffer.from('Ü caf\xe9 au lait', 'latin1')),
      'encoding: UTF-8 was tried because of files.encoding, but byte 0 does not belong to it',
    );
    assert.match(
      reasonOf(new Uint8Array([0xff, 0xfe, 65])),
      /^encoding: UTF-16 LE was tried because of a byte order mark/,
    );
    assert.match(reasonOf(new Uint8Array([0xfe, 0xff, 0xd8, 0x00])), /^encoding: UTF-16 BE/);
    assert.match(reasonOf(Buffer.from([0x61, 0x81, 0x20]), 'windows1252'), /windows1252 was tried .* byte 1 /);
  });

  it('of files that vanished, grew or are locked is left out with the reason', async () => {
    const { root, remove } = temporaryFolder({
      'a.md': 'text',
      'big.md': 'x'.repeat(2000),
      'blank.md': '\ufeff\u00a0\r\n',
      'locked.md': 'text',
    });
    try {
      const read = async (name: string): Promise<string> => {
        const document = await readText(join(root, name), { maxBytes: 1000 });
        return 'text' in document ? document.text : document.leftOut.reason;
      };
      assert.equal(await read('a.md'), 'text');
      assert.equal(await read('blank.md'), 'no-text');
      assert.equal(await read('gone.md'), 'unreadable');
      assert.equal(await read('big.md'), 'too-large');
      assert.equal(await read('.'), 'unreadable');
      chmodSync(join(root, 'locked.md'), 0);
      // To root nothing is locked.
      const mayReadAll = process.platform === 'win32' || process.getuid?.() === 0;
      assert.equal(await read('locked.md'), mayReadAll ? 'text' : 'unreadable');
      const aborted = AbortSignal.abort(new Error('stopped'));
      await assert.rejects(readText(join(root, 'a.md'), { maxBytes: 1000, signal: aborted }), /stopped/);
    } finally {
      remove();
    }
  });
});
