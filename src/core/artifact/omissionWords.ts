/**
 * Whether a short note says that something is left out. It is told by what its words are: such a note is made of words that point elsewhere
 * ("remaining", "same", "repeat", "here"), of things that code consists of ("cards", "styles") and of small words, and of hardly anything
 * else. "Same height as the header" and "Other keys are ignored" say something of their own, and so do not count. A few phrases that this
 * does not tell are listed.
 *
 * The words are those of English, German, French, Spanish, Portuguese and Italian; Chinese and Japanese, which put no space between words,
 * are told by their signs.
 */

/**
 * `plain`: it says so wherever it stands. `repeat`: so it does, unless a loop follows, which the note then describes. `heading`: it is
 * just as well the heading of what follows. `title`: likewise, and of things that no code consists of. Undefined: it does not say so.
 */
export type Omission = 'plain' | 'repeat' | 'heading' | 'title';

type Sign = 'rest' | 'same' | 'stay' | 'again' | 'each' | 'here' | 'put' | 'gone' | 'count' | 'thing' | 'small';

const WORDS: Readonly<Record<Sign, string>> = {
  rest:
    'rest remainder remaining other others more additional further existing previous subsequent extra ' +
    'restlich restliche restlichen restlicher übrige übrigen übriger weitere weiteren weiterer weiteres andere anderen anderer bestehende bestehender bestehenden vorhandene vorhandener ' +
    'reste restant restants restante restantes suite suivants suivantes autre autres existant existants existante ' +
    'resto demás más otro otra otros otras existente existentes anterior anteriores mais outro outra outros outras altro altra altri altre rimanente rimanenti restanti overige overig resterende',
  same:
    'same similar similarly identical identically unchanged alike likewise analogous analogously accordingly untouched ' +
    'unverändert unveränderte unveränderter gleich gleiche gleichen gleichem genauso ebenso analog identisch entsprechend demselben derselben dieselben dasselbe hetzelfde dezelfde ' +
    'idem identique identiques même mêmes inchangé inchangée inchangés inchangées pareil ' +
    'igual iguales mismo misma mismos mismas idéntico idénticos iguais mesmo mesma mesmos mesmas inalterado uguale uguali stesso stessa stessi stesse simile simili similares invariato',
  stay: 'stay stays remain remains bleibt bleiben restent demeure permanece permanecen queda quedan rimane rimangono',
  again:
    'repeat repeated repeats copy duplicate duplicated replicate continue continues continued wiederholen wiederhole fortsetzen répéter répétez dupliquer continuer repetir repita repite continuar ripetere',
  each: 'each every jede jedes jeden jeder chaque cada ogni',
  here: 'here hier ici aquí aqui qui',
  put:
    'add insert put include write fill render todo fixme go goes going would appear appears listed placed added inserted ' +
    'einfügen hinzufügen ergänzen ergänze folgen ajouter ajoutez insérer añadir añade agregar insertar adicionar inserir aggiungere',
  gone: 'omitted elided truncated abbreviated snipped snip omit weggelassen ausgelassen gekürzt omis omise omises omitido omitida omitidos omitidas tronqué omesso omessi brevity shortened',
  count:
    'one two three four five six seven eight nine ten twelve zwei drei vier fünf sechs deux trois quatre cinq dos tres cuatro cinco',
  thing:
    'item card row section link listing post product entry content element article column feature style styling rule code option slide testimonial question member image plan block field cell paragraph line component function method handler test case import prop markup html css jsx svg javascript js page file list table grid menu nav navigation form footer layout tier tab step event user record value data logic implementation template script pattern structure review logo day week month stuff detail text body sidebar header faq service project tag category comment class route property attribute part variant definition selector icon button panel hook helper type shape arm branch query queries object input label setup config configuration export constant declaration statement block snippet variable control widget carousel chart gallery modal dropdown accordion photo picture thumbnail video tile ' +
    'karte kaart struktur muster schema eintrag einträge element produkt stil regel inhalt zeile abschnitt methode funktion datei feld komponente eigenschaft ' +
    'carte bloc bloque élément produit règle contenu ligne méthode fonction fichier champ composant modèle schéma structure ' +
    'tarjeta elemento producto estilo regla contenido fila sección método función código archivo campo componente modelo estructura propiedad cartão cartões produto conteúdo função métodos scheda schede elementi contenuto codice stili',
  small:
    'the a an next first last of for with in to and or as from all this that these those your its their on at is are be been has have was were will can should you i we it like way manner fashion format through until such so on too also just look looks follow follows following use uses using different keep kept leave left please then if needed any both them plus they times time original full below above before feel free simply mockup screenshot ' +
    'der die das den dem des und oder mit für wie nach auch so im in ist sind wird werden zu oben sehen sieht aus ' +
    'le la les du de des et ou pour dans comme sur un une est sont suivent suit ce ces ' +
    'el los las del y o en con para como es son siguen sigue lo al por e os do da dos das em il gli dei delle di per come sono',
};

/** A thing that code consists of, one or several, as a part of a pattern. */
export const THING = `(?:${WORDS.thing.replaceAll(' ', '|')})(?:e?s)?`;

const SIGNS: ReadonlyMap<string, Sign> = new Map(
  Object.entries(WORDS).flatMap(([sign, words]) => words.split(' ').map((word) => [word, sign as Sign] as const)), // its own keys
);

/** What is the same may be a quality, of which the code says more; or it is the code itself. */
const SAME =
  '(?:similar(?:ly)?|same|stays?|remains?)(?=\\W*$| (?:as|for|like|here|unchanged|way|manner|fashion|pattern|structure|markup|format|layout|template|shape|in|except|but)\\b)';
const TAIL = `(?:here|omitted|as needed|go|goes|going|follows?|${SAME}|would|could|can be|to be|etc|not shown|for brevity|below|if needed|unchanged|truncated|continues?|as before|as is|as they are|as above|accordingly|likewise)`;

/** What the code does with them: they are in it. */
const DONE =
  '(?:is|are|was|were|gets?) (?!omitted|left|kept|skipped|similar|identical|unchanged|not|truncated|elided|added|needed)\\w+(?:ed|en|wn)\\b';

/** Phrases that are plain although their words alone are not. Each sentence is read against them. */
const PLAIN_PHRASES: readonly RegExp[] = [
  /^[[({<]*\s?(?:\.{3,6}|…|⋮|⋯)\s?[\])}>]*$/,
  /^\{.{1,80}[,:\s](?:\.{3}|…)\s?\},?$/,
  /\b(?:here goes?|go(?:es)? here|(?:would|will) (?:be|go|come) here|belongs? here|(?:code|logic|implementation|markup|jsx) here)\W*$/,
  /^\[(?:insert|add|put|place|include)\b.*\]$/,
  /\b(?:duplicate|copy|repeat|replicate) (?:the|this|that) (?:[\w-]+ ){1,3}above\b/,
  new RegExp(
    `\\b(?:more|other|additional|further|remaining|extra|\\d+ more|all other)\\s(?:[\\w-]+\\s){0,3}?${THING}\\b(?! ${DONE}).{0,60}\\b${TAIL}\\b`,
  ),
  /^(?:todo|fixme):? (?:implement|complete|finish|fill in)(?: (?:this|me|the rest))?\W*$/,
  /^(?:todo|fixme):? (?:add|insert|write|fill in|include|complete|implement) (?:the |all )?(?:rest|remaining|other|more|additional)\b/,
  new RegExp(
    `^(?:add|insert|put|place|include) (?:(?:the|your) )?(?:more|additional|remaining|rest|other|further)\\b.{0,60}\\b${TAIL}\\b`,
  ),
  /\bfor (?:the sake of )?(?:brevity|conciseness)\b|\bto save space\b|\bfor space reasons\b/,
  new RegExp(
    `(?<!\\b(?:null|empty|zero|missing|unknown|duplicate|trailing|leading|optional|default|hidden|blank|unset|invalid) )\\b(?:${THING}|rest) (?:has |have |was |were |is |are |been )*(?:omitted|elided|abbreviated|snipped|left out)(?=[^\\w]*$| (?:for|here|to save)\\b)`,
  ),
  /\b(?:remaining|rest|content|code|output|file|items|rows) (?:is |was |were |has been |have been )?truncated(?=\W*$| (?:for|here)\b)/,
  /\b(?:same|similar|identical)\b.{0,40}\b(?:for|as|to)\b.{0,20}\b(?:others?|remaining|rest)\b/,
  /^\W*(?:and so on|et ?c(?:etera)?\b|and so forth|und so weiter|usw\b|y así sucesivamente|et ainsi de suite)/,
  /^(?:[\w$.#]{1,60}\(\),? (?:(?:and|&) )?){1,12}(?:methods? |functions? )?(?:is |are |remains? |stays? |left |kept )*(?:unchanged|the same|as before|as is)\W*$/,
  /^[[(<-]*\s?(?:snip|snipped|cut|skipped|abbreviated|shortened|omitted)\s?[\])>-]*$/,
  /\b(?:weitere|restliche[nrs]?|übrige[nrs]?)\s.{0,40}\b(?:hier|analog|ebenso|folgen|usw|unverändert)|^\W*(?:le |la )?(?:reste|suite) (?:du|des|de l)(?!.*\b(?:est|sont|ont)\b)|^\W*(?:el |il )?resto d(?:el|ella?|ei|i|e)\b(?!.*\b(?:est?[áa]n?|son|è|sono)(?=\s))|^\W*(?:o )?rest(?:o|ante) d[oa]s?\b(?!.*\b(?:está|estão|é|são)(?=\s))|^\W*(?:autres?|otr[oa]s|outr[oa]s|altr[ie])\s.{0,40}\s(?:ici|aquí|aqui|qui)\W*$/,
];

/** Likewise, but just as well the heading of what follows. The whole note is read against them. */
const HEADINGS: readonly RegExp[] = [
  /^(?:and |the |with |some |add |\W)*(?:more|other|additional|further|remaining|another|rest of|remainder of|\d+ more)\b(?:\s\S+){0,4}$/,
  /^(?:[\w-]+ ){1,3}content$|^content for\b/,
  /^(\w{2,20}) \d+(?:(?:,| and|, and) \1 \d+)+\W*$/,
  /^\W*(?:text|content|copy|items|rows|cards|icons?|images?) as (?:in|on|shown in) the (?:design|mock-?up|screenshot|image|figma|spec)\b/,
  /\b\d+,? ?(?:\.{3}|…)$|\b\d+ ?(?:[-–]|to|through|thru|bis|à|al?) ?\d+$/,
  new RegExp(`^(?:the )?(?:same|similar|similarly|likewise|identical) (?:goes |(?:\\w+ )?${THING} )?for\\b`),
  /^\W*(?:the )?(?:full|complete|entire|whole) (?:[\w-]+ ){0,2}(?:text|content|article|list|table|story|copy)(?: (?:of|from|for|as) .*)?$/,
  /^(?:add|apply|define|style|create|write|render)\b.{1,60}\b(?:similarly|likewise|accordingly|(?:in )?the same (?:way|manner|fashion))\W*$/,
];

/** "As before", "like above", "from the last answer". */
const BACK =
  /\b(?:(?:as|like|from|see) (?:\w+ )?(?:before|above|earlier|previously)|as (?:it|they) (?:is|are|was|were)|as is|as in (?:the |your |my )?(?:original|previous|last|first|earlier)|(?:from|in|of) (?:the |my |your )?(?:last|previous|first|original|earlier) (?:answer|response|version|message|example|snippet|step)|wie (?:oben|vorher|zuvor|bisher|gehabt)|comme (?:avant|ci-dessus)|como antes|come prima)(?![\p{L}])/u;
/** What is said behind this changes nothing. */
const EXCEPTION =
  /,? \b(?:(?<=omitted |truncated |left out |shortened )for|apart from|no changes?|except|but with|with only|only with|bis auf|sauf|salvo)\b/;
const DOTS = String.raw`(?:\.{3,}|…|\.{2}(?= ))`;
const DOTTED = new RegExp(`^[[({<]*\\s?${DOTS}|${DOTS}[\\])}>]*$`, 'u');
const DOTTED_BOTH = new RegExp(`^[[({<]*\\s?${DOTS}.*${DOTS}[\\])}>]*$`, 'u');
const IDEOGRAPHIC =
  /省略|其余|以此类推|同上|以下同様|以下略|(?:其他|其它|更多|剩余|剩下|后续|他の|残りの|以下の?).{0,16}(?:类似|相同|一样|不变|同样|省略|此处|这里|如上|同様|同じ|変更なし|ここに|…|\.{3})|(?:此处|这里|在此|继续|重复|ここに).{0,6}(?:添加|放置|插入|加入|其他|其它|更多|剩余|以上|上述|上面|前面|追加)|(?:相同|同样|类似).{0,12}(?:其他|其它|其余|更多|剩余)|(?:保持|维持)(?:不变|原样)|(?:代码|样式|内容|逻辑|部分).{0,6}(?:不变|相同|变更なし)/;
/** What is more or other of something, and nothing else. */
const IDEOGRAPHIC_HEADING = /^\W*(?:更多|其他|其它|其余|剩余|他の|残りの|その他の)[^\s，。、]{1,10}\W*$/;
/** Languages of which a few phrases are enough: Korean, Russian, Polish. */
const PHRASES =
  /(?:나머지|다른|추가|이하).{0,20}(?:동일|같은|같습|생략|여기|마찬가지|변경 ?없)|생략|(?:остальн|друг|дальше|ещ[её]).{0,40}(?:аналогичн|так же|таким же|без изменений|здесь|опущен|по тому же)|(?:reszt|pozostał|inn[eay]|kolejn).{0,40}(?:bez zmian|tak samo|podobnie|analogiczn|tutaj)/;
const MANY_SIGNS = /[\u3040-\u30ff\u3400-\u9fff]/;
/** More words than this say something of their own. */
const MOST_WORDS = 16;
const MOST_NAMES = 4;

/** `note`: lower case, one space between words. */
export function omissionIn(note: string): Omission | undefined {
  const isPhrase = note.split(SENTENCE_END).some((sentence) => PLAIN_PHRASES.some((pattern) => pattern.test(sentence)));
  if (isPhrase) return 'plain';
  return omissionInWords(note) ?? (HEADINGS.some((pattern) => pattern.test(note)) ? 'title' : undefined);
}

const SENTENCE_END = /(?<=[\p{L})][.;!?]) /u;

function omissionInWords(note: string): Omission | undefined {
  if (PHRASES.test(note)) return 'plain';
  if (MANY_SIGNS.test(note)) return IDEOGRAPHIC.test(note) ? 'plain' : IDEOGRAPHIC_HEADING.test(note) ? 'title' : undefined;
  const isBack = BACK.test(note);
  const said = note.replace(BACK, ' ').split(EXCEPTION)[0] ?? '';
  const words = said.replace(/\.{2,}|…/g, ' ').match(/[\p{L}\p{N}_$.#'’-]*[\p{L}\p{N}]/gu) ?? [];
  if (words.length > MOST_WORDS) return undefined;
  const { signs, names, heads, loose } = readWords(words);
  const has = (...some: readonly Sign[]): boolean => some.some((sign) => signs.has(sign));
  if (DOTTED_BOTH.test(note) && words.length <= 6) return 'plain';
  if (DOTTED.test(note) && loose <= 1 && has('rest', 'same', 'again', 'gone') && names <= MOST_NAMES) return 'plain';
  if (loose > 0 || names + heads > MOST_NAMES) return undefined;
  if (has('gone') && has('rest', 'count')) return 'plain';
  if (has('again') && has('rest', 'same', 'here', 'each', 'count')) return 'repeat';
  if (has('rest') && (has('same') || (has('here') && heads < 2))) return 'plain';
  if (isBack && (has('thing', 'rest', 'same') || words.length === 0)) return 'plain';
  if (has('same') && has('thing') && has('count', 'each', 'put')) return 'plain';
  if (/\b(?:unchanged|untouched|unverändert\w*|inchangée?s?)(?!\w)/.test(said) && (has('thing') || words.length === 1))
    return 'plain';
  if (/^\[.*\]$/.test(note) && has('rest') && (has('thing') || heads > 0)) return 'plain';
  if (has('same') && has('thing') && has('stay')) return 'heading';
  if (/\b(?:is|are|was|were|has|have)\b/.test(said)) return undefined;
  if (has('same') && has('thing')) return 'title';
  if (has('rest') && heads > 0) return 'title';
  const isHeading = has('rest') ? has('thing', 'stay', 'put', 'count') : has('here', 'again') && has('thing', 'put', 'count');
  return isHeading ? 'heading' : undefined;
}

/** What the words of a note are. */
interface Reading {
  readonly signs: ReadonlySet<Sign>;
  /** Words that say more of a thing of code or of a number: "team members", "amenity 3". */
  readonly names: number;
  /** Words that are the thing of which the rest is meant: "the remaining amenities". */
  readonly heads: number;
  /** Words that say something of their own. */
  readonly loose: number;
}

function readWords(words: readonly string[]): Reading {
  const signs = new Set<Sign>();
  let [names, heads, loose, unknown] = [0, 0, 0, 0];
  let isAfterRest = false;
  const settle = (isBound: boolean): void => {
    if (isBound) names += unknown;
    else if (isAfterRest && unknown <= 2) heads += unknown;
    else loose += unknown;
    if (unknown > 0) isAfterRest = false;
    unknown = 0;
  };
  for (const [index, word] of words.entries()) {
    const sign = signOf(word);
    const before = words[index - 1];
    if (unknown > 0 && /^(?:and|or)$/.test(word)) continue;
    if (sign === undefined) unknown += 1;
    else {
      signs.add(sign);
      settle(sign === 'thing' || (sign === 'count' && unknown === 1));
      if (sign === 'rest' || sign === 'each' || (sign === 'count' && before === 'all')) isAfterRest = true;
      else if (sign === 'thing' || sign === 'count') isAfterRest &&= sign === 'count' && signs.has('rest');
    }
  }
  settle(false);
  return { signs, names, heads, loose };
}

/** A word with a digit counts, and one with a sign of code in it is a thing; plurals are their singular. */
function signOf(word: string): Sign | undefined {
  if (/^[x×]?\d/.test(word)) return 'count';
  if (/^[.#$]|\d|[a-z]_[a-z]/.test(word)) return 'thing';
  return (
    SIGNS.get(word) ??
    SIGNS.get(word.replace(/ies$/, 'y')) ??
    SIGNS.get(word.replace(/(?:e?s|e?n)$/, '')) ??
    SIGNS.get(word.replace(/[sne]$/, ''))
  );
}
