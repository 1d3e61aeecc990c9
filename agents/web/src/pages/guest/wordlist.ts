// Plain Dutch words, 512 of them: nine bits each. Short, easy to say and to write down, no two that sound alike on purpose.
export const list = (
  'aap aardbei adem adres akker appel arm avond baard baby bad bak bakker bal balkon banaan bank basis beek beer been beker berg beurt ' +
  'bezem bezoek bij blad blauw blij bloem bocht boei boek boer boom boon boot bord borst bos boter bouw brief bril broek broer brood brug ' +
  'bruin buik buis buur cacao cactus camera cirkel citroen clown club cola dag dak dans deeg deken deksel deur dief dier dijk ding disco ' +
  'doel dok donker doos dop dorp draad draak droom druif druppel duif duim duin dunne dweil eend eerlijk effen egel eik eiland elf emmer engel ' +
  'erwt ezel fakkel familie feest fiets film flap fles fluit foto fruit gans garage gast gat gebouw geel geit geluid geluk gember geur gewei ' +
  'gezicht gieter gitaar glas glimlach goud graf gras grens groen groep grond grot haak haan haar hagel hak hals hamer hand hart haven hek ' +
  'held helm hemd hemel herfst hert heuvel hoed hoek hok hond honing hoofd hotel hout huis hut idee ijs inkt insect jaar jam jas jeugd ' +
  'jongen juf jurk kaars kaas kabel kachel kalf kam kamer kanaal kano kans kapper kar kast kat kelder kers ketel keuken kikker kin kip kist ' +
  'klas klei kleur klok knie knikker knoop koe koffer koken kom koning konijn kool koor kop koraal korf kraan krant krent kroon kruis kruk ' +
  'kuil kus kussen laars lach lade lamp land lap laurier leeuw leraar les letter leven lezen licht lied lift lijm lijn linde lip lucht maan ' +
  'maand maat mama mand mango map markt masker mast matras meel meer meisje melk mens merel meter metro midden mier mijn minuut mist moeder ' +
  'molen mond motor mouw mug muis munt muts muur muziek naald naam nacht nagel natuur neef nek nest net neus nicht nieuw noot nul oever ' +
  'olie oma oom oor orgel oven paard pak paleis palm pan papa papier park pasta pauw peer pen peper perzik piano pijl pinda pit plaat ' +
  'plank plant plas plein poes poort pop post pot prijs prins pruim punt puzzel raam raket ramp rand rat regen reis riem rijst ring rivier ' +
  'rok rood roos rots rug ruimte saus schaap schaar schat schelp schip schoen school schuur sjaal slak slang slee sleutel sloot smaak sneeuw ' +
  'soep sok spel spiegel spin spons spoor stad stal stam steen stem ster stoel stof storm straat strand struik suiker taak taal taart tafel ' +
  'tak tand tante tas teen tekst tent thee tijd tijger toets tomaat ton touw trap trein trom tuin tulp tunnel uil uur vaas vader valk vat veer ' +
  'veld verf vest vijg vijver vinger vis vlag vlam vlees vlieg vloer voet vogel volk vonk vork vos vriend vuur wagen wand warm water weg week ' +
  'weide wiel wind winkel winter wol wolf wolk woord wortel zaad zaak zak zalm zand zebra zee zeep zeil zin zoen zolder zomer zon zout ' +
  'zuil zus zwaan zwart zwembad anker ballon bijl cent dokter emoe fee gang grap halte herder iglo jager kapstok juli kaart kabouter kwast lepel ' +
  'lente magneet nijlpaard oester pinguin poeder radio robot schaats schommel snor tapijt telefoon trommel ijsbeer vlinder walvis yoga zalf'
).split(' ');
