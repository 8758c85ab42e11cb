/** Words that name no topic: function words and the small talk of documentation, in a few languages of the corpus' likely readers. */
const english =
  'about above after again against all almost already also although always among and another any anyone anything are aren around ' +
  'as ask at away back because been before being below best better between both bring but by came can cannot come comes could couldn ' +
  'did didn different do does doesn doing don done down during each either else enough etc even ever every everything example ' +
  'far few finally find first following follows for from full further gave get gets getting give given gives giving go goes going gone good got ' +
  'had has hasn have haven having he hence her here hers herself him himself his how however if in indeed instead into is isn it its itself ' +
  'just keep kept kind know known large last later least less let lets like likely little long look looks lot made mainly make makes making many ' +
  'may maybe mean means might more moreover most much must my near need needed needs neither never new next no nor not nothing now ' +
  'of off often old on once one ones only onto or other others otherwise our ours out over own part per perhaps please possible put puts quite ' +
  'rather really right said same saw say says second see seem seems seen several shall she should shouldn show shown shows similar since so some ' +
  'someone something sometimes soon still such sure take taken takes than that the their theirs them themselves then there therefore these they thing ' +
  'things this those though three through thus to together too took toward try turn two under unless until up upon us use used useful uses using ' +
  'usually very via want wants was wasn way ways we well went were what whatever when where whether which while who whom whose why will with within ' +
  'without won word words would wouldn yes yet you your yours yourself ignore ' +
  'four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million ' +
  'monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december ' +
  'today tomorrow yesterday whoever takes happen happens happened place instead';
const german =
  'aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bist da damit dann das dass dein dem den der des deshalb die dies diese ' +
  'diesem diesen dieser dieses doch dort durch ein eine einem einen einer eines er es für gegen hat hatte hatten hier ich ihm ihn ihr ihre im in ist ja ' +
  'jede jedem jeden jeder jedes jedoch kann kein keine können man mehr mein mit muss nach nicht noch nun nur ob oder ohne sehr sein seine sich sie sind so ' +
  'sondern über um und uns unter vom von vor war waren was weil wenn werden wie wir wird wo wurde wurden zu zum zur zwischen';
const french =
  'afin ainsi alors après au aucun aussi autre aux avant avec avoir beaucoup bien car ce cela ces cet cette ceux chaque chez comme comment dans de depuis ' +
  'des deux donc du elle elles en encore entre est et être eux fait faire il ils je la le les leur leurs lors lui mais même moins mon ne ni nos notre nous ' +
  'on ont ou où par parce pas pendant peu peut plus pour pourquoi qu quand que quel quelle qui sa sans se ses si son sont sous sur ta tous tout toute très ' +
  'tu un une vers vos votre vous';
const spanish =
  'algo algunos ante antes aquí así aún aunque cada casi como con contra cual cuando de del desde donde dos durante el ella ellas ellos en entre era es esa ' +
  'ese eso esta está están este esto estos fue ha hace hacia hasta hay la las le les lo los más me mi mientras muy nada ni no nos nosotros o otra otro para ' +
  'pero poco por porque puede pues que qué quien se según ser si sí sin sobre son su sus también tan tanto te tiene toda todo todos tras tu un una uno usted ya';

export const stopWords: ReadonlySet<string> = new Set(`${english} ${german} ${french} ${spanish}`.split(' '));
