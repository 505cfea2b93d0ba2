/** One word of a command line. `dynamic`: what it will be is known only when it runs. */
export interface Word {
  readonly text: string;
  readonly dynamic: boolean;
  /** It stands for the names of files that fit it. */
  readonly glob?: true;
}

/** One program that a command line starts, with its arguments; without words it only sets variables. */
export interface SimpleCommand {
  readonly words: readonly Word[];
  /** Variables that are set for it. */
  readonly assigns: readonly string[];
  /** It reads what the program before it in a pipe writes. */
  readonly piped: boolean;
}

/** What a command line would do, as far as reading it can tell. */
export interface ShellReading {
  readonly commands: readonly SimpleCommand[];
  /** Targets of redirections. */
  readonly writes: readonly Word[];
  readonly reads: readonly Word[];
  /** Why not everything that runs is known. */
  readonly uncertain?: string;
}

/** Longer command lines are not read; nobody approves them at a glance either. */
const longest = 100_000;
const deepest = 20;
const mostHereDocs = 20;
const mostCommands = 1_000;
const mostWords = 10_000;
/** What nobody sees, or takes for a space: an approval must be readable, and shells differ in what they make of them. */
const unseen = /[^\P{C}\t\n]|[\p{Zl}\p{Zp}]|[^\P{Zs} ]/u;

/** Reads a command line as a POSIX shell or bash would. Never throws; one pass over the text. */
export function readShell(text: string): ShellReading {
  const reader = new ShellReader(text);
  if (text.length > longest) reader.doubt('it is too long to be read');
  else {
    if (unseen.test(text)) reader.doubt('it has characters that can not be seen');
    reader.list(undefined, 0);
  }
  const { commands, writes, reads, doubts } = reader;
  const [uncertain] = doubts;
  return { commands, writes, reads, ...(uncertain === undefined ? {} : { uncertain }) };
}

/** Words after which another command begins. */
const introducers = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', '{', 'time']);
const closers = new Set(['fi', 'done', '}']);
const notRead = new Set([
  'case',
  'esac',
  'function',
  'select',
  'coproc',
  '[[',
  'eval',
  'source',
  '.',
  'alias',
  'trap',
  'exec',
]);

/** `${name}`, with a default or a cut at most: nothing that calculates, assigns, refers or holds a quote. */
const plainExpansion = /^\{#?(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?])(?:(?::?[-+?]|%%?|##?)[^$`'"\\({[\]]*)?$/;

/** A cursor over the text; a class, for what it gathers belongs together and is filled from many places. */
class ShellReader {
  readonly commands: SimpleCommand[] = [];
  readonly writes: Word[] = [];
  readonly reads: Word[] = [];
  readonly doubts: string[] = [];
  readonly #text: string;
  #at = 0;
  #hereDocs: { readonly end: string; readonly quoted: boolean; readonly tabs: boolean }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  doubt(why: string): void {
    this.doubts.push(why);
  }

  /** Commands up to `end`, which is consumed. */
  list(end: ')' | '`' | undefined, depth: number): void {
    if (depth > deepest) {
      this.#giveUp('it is nested too deep');
      return;
    }
    if (this.#hereDocs.length > 0) this.doubt('a here-document begins in front of another command');
    let words: Word[] = [];
    let piped = false;
    const finish = () => {
      this.#finish(words, piped);
      words = [];
    };
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] ?? '';
      const two = this.#text.slice(this.#at, this.#at + 2);
      if (char === end) {
        this.#at += 1;
        finish();
        return;
      }
      if (char === ' ' || char === '\t' || two === '\\\n') this.#at += char === '\\' ? 2 : 1;
      else if (char === '\n') {
        this.#at += 1;
        finish();
        piped = false;
        this.#skipHereDocs();
      } else if (char === '#') this.#comment();
      else if (two === '&>' || /^\d*[<>]/.test(this.#text.slice(this.#at, this.#at + 12))) this.#redirect(depth);
      else if (char === ';' || char === '&' || char === '|') {
        this.#at += two === '&&' || two === '||' || two === '|&' || two === ';;' ? 2 : 1;
        finish();
        piped = char === '|' && two !== '||';
      } else if (char === '(') {
        if (words.length > 0) this.doubt('it defines a function or a list');
        if (two === '((') this.doubt('it calculates');
        this.#at += 1;
        this.list(')', depth + 1);
      } else if (char === ')') {
        this.doubt('its brackets do not fit');
        this.#at += 1;
      } else words.push(this.#word(depth));
    }
    if (end !== undefined) this.doubt('a bracket or quote is not closed');
    finish();
  }

  #finish(all: readonly Word[], piped: boolean): void {
    let words = all;
    while (words[0] !== undefined && !words[0].dynamic && introducers.has(words[0].text)) {
      const skipped = words[0].text === 'time' && /^--?p?$/.test(words[1]?.text ?? '') ? 2 : 1;
      words = words.slice(skipped);
    }
    const first = words[0]?.text;
    if (first === undefined || closers.has(first)) return;
    if (this.commands.length === mostCommands) this.#giveUp('it has too many commands');
    // Its words are a list; what is done with each comes after it.
    if (first === 'for') {
      this.commands.push({ words: [], assigns: [words[1]?.text ?? ''], piped });
      return;
    }
    if (notRead.has(first)) this.doubt(`“${first}” can run anything`);
    const assigns: string[] = [];
    while (words[0] !== undefined && /^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(words[0].text)) {
      assigns.push(words[0].text.slice(0, words[0].text.indexOf('=')).replace('+', ''));
      words = words.slice(1);
    }
    this.commands.push({ words, assigns, piped });
  }

  #comment(): void {
    const line = this.#text.indexOf('\n', this.#at);
    this.#at = line < 0 ? this.#text.length : line;
  }

  #redirect(depth: number): void {
    const [operator = ''] =
      /^(?:&>>?|\d*(?:<<<|<<-?|<>|<&|>>|>\||>&|<|>))/.exec(this.#text.slice(this.#at, this.#at + 16)) ?? [];
    this.#at += operator.length;
    const sign = operator.replace(/^\d+/, '');
    if (this.#text[this.#at] === '(' && (sign === '<' || sign === '>')) {
      this.#at += 1;
      this.list(')', depth + 1);
      return;
    }
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at += 1;
    const from = this.#at;
    if (this.#at >= this.#text.length || /[\n;&|()<>]/.test(this.#text[this.#at] ?? '')) {
      this.doubt('a redirection leads nowhere');
      return;
    }
    const target = this.#word(depth);
    if (sign.startsWith('<<') && sign !== '<<<') {
      if (target.dynamic) this.doubt('where a here-document ends is known only when it runs');
      const quoted = /['"\\]/.test(this.#text.slice(from, this.#at));
      this.#hereDocs.push({ end: target.text, quoted, tabs: sign === '<<-' });
    } else if (sign === '<') this.reads.push(target);
    else if ((sign === '>&' || sign === '<&') && /^\d+$|^-$/.test(target.text)) return;
    else if (sign !== '<<<') this.writes.push(target);
  }

  #skipHereDocs(): void {
    this.#hereDocsRead += this.#hereDocs.length;
    if (this.#hereDocsRead > mostHereDocs) this.doubt('it has too many here-documents');
    if (this.#hereDocsRead > mostHereDocs) this.#hereDocs = [];
    for (const { end, quoted, tabs } of this.#hereDocs) {
      const body = this.#text.slice(this.#at);
      const found = new RegExp(`(?<![^\\n])${tabs ? '\\t*' : ''}${RegExp.escape(end)}(?![^\\n])`).exec(body);
      const content = body.slice(0, found?.index ?? body.length);
      if (found === null) this.doubt('a here-document does not end');
      // Shells differ in whether a bracket after its end ends it.
      if (content.split('\n').some((each) => each.trimStart().startsWith(`${end})`)))
        this.doubt('a here-document does not end');
      // An escaped end of line joins two lines, so that the end may not be where it seems to be.
      if (!quoted && /\$[({[]|`|\\\n/.test(content)) this.doubt('a here-document is filled in when it runs');
      this.#at += found === null ? body.length : found.index + found[0].length;
    }
    this.#hereDocs = [];
  }

  #giveUp(why: string): void {
    this.doubt(why);
    this.#at = this.#text.length;
  }

  /** One word, quotes and expansions included. At least one character is consumed. */
  #word(depth: number): Word {
    this.#wordsRead += 1;
    if (this.#wordsRead > mostWords) this.#giveUp('it has too many words');
    const from = this.#at;
    let text = '';
    let dynamic = false;
    let glob = false;
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] ?? '';
      if (/[ \t\n;&|()<>]/.test(char)) break;
      if (char === '`' && this.#inBackticks && this.#at > from) break;
      this.#at += 1;
      if (this.#inBackticks && /['"\\]/.test(char)) this.doubt('its backticks hold quotes');
      if (char === '\\') {
        const next = this.#text[this.#at] ?? '';
        this.#at += 1;
        if (next !== '\n') text += next;
      } else if (char === "'") text += this.#until("'");
      else if (char === '"') {
        const quoted = this.#doubleQuoted(depth);
        text += quoted.text;
        dynamic ||= quoted.dynamic;
      } else if (char === '$' || char === '`') {
        dynamic = true;
        text += this.#expansion(char, depth);
      } else {
        glob ||= /[*?[]/.test(char);
        text += char;
      }
    }
    if (/\{[^{}]*(?:,|\.\.)[^{}]*\}/.test(text)) dynamic = true;
    return { text, dynamic, ...(glob ? { glob } : {}) };
  }

  #inBackticks = false;
  #hereDocsRead = 0;
  #wordsRead = 0;

  #until(quote: string): string {
    const end = this.#text.indexOf(quote, this.#at);
    if (end < 0) this.doubt('a quote is not closed');
    const inside = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 1;
    return inside;
  }

  #doubleQuoted(depth: number): Word {
    let text = '';
    let dynamic = false;
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] ?? '';
      this.#at += 1;
      if (char === '"') return { text, dynamic };
      if (char === '\\' && /[$`"\\\n]/.test(this.#text[this.#at] ?? '')) {
        if (this.#text[this.#at] !== '\n') text += this.#text[this.#at];
        this.#at += 1;
      } else if (char === '$' || char === '`') {
        if (char === '$' && !/[A-Za-z0-9_({[@*#?!$-]/.test(this.#text[this.#at] ?? '')) text += char;
        else {
          dynamic = true;
          text += this.#expansion(char, depth);
        }
      } else text += char;
    }
    this.doubt('a quote is not closed');
    return { text, dynamic };
  }

  /** What follows `$` or a backtick; commands inside are read like all others. */
  #expansion(sign: '$' | '`', depth: number): string {
    if (sign === '`') {
      if (this.#inBackticks) this.doubt('its backticks are nested');
      this.#inBackticks = true;
      this.list('`', depth + 1);
      this.#inBackticks = false;
      return '';
    }
    const rest = this.#text.slice(this.#at, this.#at + 2);
    if (rest === '((' || rest.startsWith('[')) this.doubt('it calculates');
    if (rest.startsWith('(')) {
      this.#at += 1;
      this.list(')', depth + 1);
      return '';
    }
    if (rest.startsWith('{')) {
      if (!plainExpansion.test(this.#until('}'))) this.doubt('an expansion in it can run something');
      return '';
    }
    if (rest.startsWith("'")) {
      this.#at += 1;
      if (this.#until("'").endsWith('\\')) this.doubt('a quote is not closed');
      return '';
    }
    const [name = ''] =
      /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?!$-])/.exec(this.#text.slice(this.#at, this.#at + 64)) ?? [];
    this.#at += name.length;
    return '';
  }
}
