/* The lexicon: what people say of it to one another: they ask, need,
 * offer, sell, praise, connect. Which class a word is in was
 * decided by its meaning, not by the labels of a corpus. */
#include "concept_parts.h"

/* clang-format off */
const struct mv_concept_row mv_concept_talk[] = {
    {"ask",
     "podria puedo$ puede$ puedes$ pueden$ podeis$ poder$ pueda$ puedas$ "
     "could$ can$ might$ would$ will$ pode$ posso$ pourriez$ pourrais$ "
     "pouvez$ potrebbe$ potrei$ konnten$ podrieu pide$ pido$ pedir$ pedirle "
     "pedirte pedia$ ask$ asks$ asking$ asked$ request$ requests$ favor$ "
     "please$ porfa prego$ bitte$ ruego rogaria permite$ permiso$ permission "
     "permit$ let$ deja$ dejaria dejas$ allow$ mind$"},
    {"question",
     "pregunta$ preguntas$ preguntar pregunto question$ questions$ frage$ "
     "fragen$ domanda$ duda$ dudas$ query$ wonder$ wondering wondered "
     "curiosity consulta$ consultas$ consultar consulto sabe$ sabes$ saber$ "
     "know$ knows$ sabria cual$ which$ cuanto$ cuantos$ cuantas$ how$ why$ "
     "doubt"},
    {"advice",
     "consejo$ consejos$ conseil advice$ advise$ advises$ aconsej asesorar "
     "asesoria asesoramiento orientar orientacion guidance$ guiar recomend "
     "recommend recomanda ayuda$ ayudarme ayudarnos ayudas$ ayudaria help$ "
     "helping aide$ hilfe$ opinion$ opiniones feedback$ mentor$ mentora$ "
     "mentors$ mentoria mentorship sugerencia tip$ tips$ haria$ harias$ "
     "decide$ decidir deciding decision elegir$ elijo choose$ choosing "
     "dudando"},
    {"need",
     "necesito necesita$ necesitaria necesitas need$ needs$ needed$ needing "
     "preciso$ precisa$ falta$ faltan$ faltaba urge$ urgente$ urgent$ want$ "
     "wants$ wanted$ quiero$ quisiera queria$ querria queremos quiere$ "
     "brauche$ bisogno besoin necesidad lack$ lacks$ missing$ short$"},
    {"seek",
     "busco$ buscando$ buscaba$ looking$ seeking$ searching$ search$ "
     "cherche$ procuro$ suche$ cerco$ encontrar$ find$ finding$ interesa$ "
     "interesad interested$ interessat interesse$ aspiro$ aspire$ recolocar "
     "transition trabajo$ trabajar$ work$ working$ arbeit travail trabalho"},
    {"wish",
     "encantaria gustaria$ gustarle interesaria agradaria like$ eager$ "
     "delighted$ glad$ pleased$ apetece$ apetecer aimerais$ serais$ vorrei$ "
     "mochte$ wurde$ gostaria$ apasiona ilusion$ ganas$ animas$ enjoy$ "
     "enjoyed$ convendria sumarias vendrias$ tendrias$ darias$ estarias$ "
     "querrias"},
    {"send",
     "envia$ envie$ enviar enviame envio$ enviado mande$ manda$ mandar "
     "mandeme mandame mando$ pasa$ pase$ pasame paseme pasarme pasarle "
     "pasarte paso$ send$ sends$ sending sent$ share$ attach adjunto$ "
     "adjunta reenvi forward$ invio$ inviare envoyer envoie senden schicken "
     "enviem passa$ dejo$ presta$ prestar prestame lend$ borrow devolver "
     "devuelv return$ returning firmar$ firma$ sign$ signed$ revisar revise$ "
     "review$ reviewing corregir correct$ read$ leer$ mirar$ look$"},
    {"give",
     "donar donat donacion volunta volunteer traer$ bring$ brings$ regalarle "
     "regalarte presto$ dono$ llevar$ llevarle cedo$ encargar reservar "
     "reserve$ patrocin sponsor$ sponsorship apoyar$ apoyo$ support$ "
     "supporting"},
    {"tell",
     "cuento$ cuenta$ cuente$ cuentas$ contar$ contarle$ contarte$ conto$ "
     "contaste$ explico$ explica$ explicar$ explicas$ explaste explain$ "
     "explains$ explaining$ explained$ tell$ telling$ muestro$ muestra$ "
     "mostrar$ mostrarle ensenarle ensenarte show$ shows$ showing$ showed$ "
     "presentarle presentarte digo$ dime$ diga$ decir$ decirle avise$ avisa$ "
     "describe$ describes$ detalle$ detalles$ details$ detail$ information$ "
     "informacion$ info$"},
    {"write",
     "escribo$ escribe$ escribi$ escribir$ escribirle$ escribirte$ escribio "
     "escribiste$ write$ writes$ wrote$ written$ writing$ mensaje$ mensajes$ "
     "message$ messages$ correo$ correos$ email$ emails$ mail$ nota$ note$ "
     "reach$ reaching$"},
    {"call",
     "cafe$ coffee$ kaffee$ caffe$ llamada$ llamadas$ call$ calls$ anruf "
     "appel$ chat$ chats$ chatear charlar$ conversar$ conversacion "
     "conversation hablar$ hablemos$ charlemos conversemos parlare parler "
     "sprechen falar$ agenda$ agendar$ agendamos calendar calendly zoom$ "
     "meet$ videollamada videocall reunirnos juntarnos quedar$ hueco$ rato$ "
     "ratito quick$ quickly breve$ brief$ briefly telefono phone$ discuss$ "
     "discussing responder respuesta answer$ answers$ contestar llame$ "
     "llamar"},
    {"speak",
     "ponente$ ponentes$ panelist speaker$ speakers$ speak$ speaking jurado$ "
     "jury$ juror jurar guest$ guests$ invitad invite$ inviting invited "
     "invitar invitamos invito$ convida$ invitons einladen moderar moderat "
     "host$ hosting participar participate teach$ ensenar$ ensene dar$ "
     "impartir present$ presenting"},
    {"met",
     "conocimos$ coincidimos$ hablamos$ charlamos$ conversamos$ vimos$ "
     "cruzamos$ sentamos$ conocerte conocerle conocerla conocerlo conoci$ "
     "met$ spoke$ chatted sat$ introduced encontramos$ compartimos$ "
     "saludamos rencontre conheci conhecemos kennengelernt incontrat "
     "saludarte saludarle saludarla saludarlo presentaron prometi promised "
     "quedamos acordamos agreed"},
    {"saw",
     "vi$ visto$ viendo$ veo$ ver$ saw$ seen$ see$ seeing$ lei$ leido$ "
     "leyendo$ leo$ reading$ noticed notice$ encontre$ found$ came$ across$ "
     "stumbled$ escuche$ escuchado$ oi$ heard$ listened$ watched watching "
     "asisti$ attended estuve$ sigo$ siguiendo$ seguido$ follow$ followed$ "
     "following$ seguir$ sigues$ seguimos$ llego llamo$ caught$ stood$"},
    {"past",
     "ayer$ anoche$ anteayer$ pasado$ pasada$ pasados$ yesterday$ last$ ago$ "
     "hier$ ieri$ gestern$ ontem$ recently$ recientemente$ earlier$ "
     "previously$"},
    {"used",
     "use$ usado$ usamos$ used$ using$ uso$ utilice$ utilizo$ utilizamos "
     "cite$ cito$ cited$ citar$ citing traduje translated aplicamos probe$ "
     "probamos tried$ tested$ copie replicar replicat replicad reproducir "
     "reproduce$ adapt basado$ basada$ based$ monte$ built$ build$ construi "
     "hice$ hicimos made$ make$ segun$"},
    {"task",
     "montar$ monto$ preparo$ preparando$ preparing prepare$ organizo "
     "organizamos organise$ organising organizing organizando escribiendo "
     "traduzco estudio$ estudiamos studying study$ investigo investigando "
     "researching research$ analizo disenando grabo grabamos filmo restaur "
     "restore restoring reparar repair$ arreglar fix$ fixing instalar "
     "install$ installing planning planeo planeamos publicar publish$ "
     "publishing publico$ abrimos abro$ abrir$ lanzar launch mudo$ mudamos "
     "mudanza moving migra cambiar$ change$ empezar$ empiezo start$ starting "
     "dirijo$ coordino$ llevo$ run$ running"},
    {"problem",
     "problema problem$ problems$ error$ errores errors$ fallo$ falla$ "
     "fallan fails$ fail$ failing failed failure roto$ rota$ broken$ broke$ "
     "breaks$ wrong$ equivocad mal$ stuck$ atascad incidencia issue$ issues$ "
     "bug$ bugs$ averia gotera leak$ leaks$ humedad crack$ cracks$ grieta "
     "perdi$ perdio perdido lost$ lose$ cancel retras delay$ delayed late$ "
     "vence$ vencio deadline$ plazo$ plazos$ pendiente owe$ debo$ deben "
     "reclam complaint claim$ difficult dificil struggle struggling queja "
     "robaron stolen multa$ denuncia"},
    {"refer",
     "recomendo$ recomendaron sugirio$ suggested$ sugeriu dijo$ dice$ dicen$ "
     "told$ says$ said$ tells$ referred referid referencia$ mencion "
     "mentioned comento$ aconsejo$ nombre$ name$ named$ contacto$ contact$ "
     "indico"},
    {"together",
     "juntos$ juntas$ junto$ together$ ensemble$ insieme zusammen conjunt "
     "jointly joint$ coautor cada$ each$ mitades organizar$ coorganizar "
     "arrange$ proponerle proponerte propongo$ propose$ proposal$ propuesta$ "
     "proposition montamos hagamos let's$ swap$ cambio$ trueque"},
    {"consent",
     "acuerdo$ agree$ vale$ ok$ okay$ perfecto$ claro$ gustes$ prefieres$ "
     "prefiere$ prefer$ conviene$ convenient$ comodo$ cuadra$ apuntas$ "
     "animarias"},
    {"believe",
     "creo$ cree$ creemos$ crees$ pienso$ piensa$ piensas$ pense$ pensado$ "
     "pensando$ considero$ consider$ considering$ think$ thinking$ thought$ "
     "thoughts$ believe$ parece$ parecio$ parecido$ seem$ seems$ feel$ "
     "feels$ felt$ siento$ guess$ suppose$ supongo$ convencido$ convencida$ "
     "convinced$ seguro$ segura$ sure$ encaja$ encajar$ encajaria$ encaje$ "
     "fit$ fits$ suit$ suits$"},
    {"open",
     "abierto$ abierta$ open$ disponible$ disponibles disponibilidad "
     "available$ availability libre$ libres$ sigue$ siguen$ dispuesto "
     "dispuesta willing$ keen$ ready$ listo$"},
    {"future",
     "futuro$ future$ algun$ someday sometime$ eventual radar$ quizas quiza$ "
     "maybe$ perhaps$ mente$ adelante$ largo$ touch$"},
    {"where",
     "donde$ where$ aqui$ here$ alli$ there$ ahi$ aca$ alla$ cerca$ near$ "
     "nearby around$"},
    {"sell",
     "ofrecemos ofrezco$ ofrece$ ofrecerle ofrecerte ofrecer$ offer$ offers$ "
     "offering bieten offrons ayudamos ayudo$ ayudar$ ayudarle ayudarte "
     "ayudaros ayudarlos helps$ helfen$ aidons aiuto$ aiutiamo ajudamos "
     "ajudo vendo$ vende$ vendemos vender$ sell$ sells$ selling sold$ "
     "vendiendo trabajamos$ desarrollamos developed fabricamos manufactur "
     "proveedor proveemos proveer suministramos supplier$ suppliers$ "
     "provider$ provide$ provides$ distribui distributor especializamos "
     "desarrollo$ represento$ represent$ promocion promote promover "
     "entregamos deliver$ delivers$ gestionamos gestiono$ instalamos "
     "cubrimos asesoramos asesoro$ formamos"},
    {"product",
     "plataforma$ plataformas$ platform$ platforms$ plattform plateforme "
     "piattaforma solucion$ soluciones$ solution$ solutions$ losung soluzion "
     "solucao solucoes servicio$ servicios$ service$ services$ servizi "
     "servicos herramienta tool$ tools$ outil werkzeug app$ apps$ aplicacion "
     "saas$ sistema$ sistemas$ system$ systems$ systeme metodo$ method$ "
     "metodologia framework$ programas$ package$ packages$ paquete$ "
     "paquetes$ plan$ planes$ plans$ kit$ producto$ productos$ product$ "
     "products$ produit prodotto agencia$ agencias$ agency agencies web$ "
     "website$ websites$ pagina$ paginas$ page$ site$ sitio$ newsletter$ "
     "landing seo$ ads$ chatbot$ bot$ bots$ dashboard consultoria consulting "
     "consultora outsourcing licencias$"},
    {"client",
     "cliente$ clientes$ client$ clients$ customer$ customers$ kunden "
     "clienti empresas$ companies$ entreprises unternehmen aziende empreses "
     "negocios$ negocio$ business$ businesses$ pyme$ pymes$ smes$ sme$ "
     "firms$ firmas$ despachos$ clinicas$ clinics$ hoteles$ hotels$ "
     "restaurantes$ restaurants$ tiendas$ shops$ stores$ marcas$ brands$ "
     "brand$ marca$ duenos owners$ owner$ dueno$ emprendedor entrepreneur "
     "founders$ founder$ fundador startups$ usuarios users$ user$ lideres$ "
     "leaders$ leader$ directivos executives$ equipos$ teams$ ceos$ "
     "segmento$ mercado$ market$ markets$"},
    {"gain",
     "ahorr save$ saves$ saved$ saving$ savings$ crecer$ crecimiento$ grow$ "
     "grows$ growing growth$ escalar$ scale$ scaling$ aumentar$ aumento$ "
     "aumenta$ increase$ increases$ increasing triplic duplic double$ "
     "doubled$ triple$ boost$ boosting mejorar$ mejora$ improve$ improves$ "
     "improving optimiz optimis reducir reduce$ reduces$ reducing cut$ cuts$ "
     "cutting reduz ventas$ venta$ sales$ verkauf vendas leads$ roi$ "
     "ingresos$ revenue$ revenues$ rentab profit productividad productivity "
     "efficien eficien resultados$ results$ transform impulsa potenciar "
     "potencia$ maximiz automat visibilidad visibility conversion$ "
     "reputacion reputation facturar facturacion garantiz garantia guarantee "
     "rapido$ faster$ fast$ facil$ easy$ easily ganar$ gana$ earn$ earning "
     "win$ winning libertad freedom millones million"},
    {"free",
     "gratis$ free$ gratuit kostenlos complimentary demo$ demos$ prueba$ "
     "pruebas$ trial$ trials$ test$ descuento$ discount$ rabatt desconto "
     "sconto cupos$ cupo$ slots$ slot$ spots$ spot$ beta$ acceso$ access$ "
     "early$ oferta$ ofertas$ promo$ regalo$ regalamos gift$ gifts$ bono$ "
     "bonus$ diagnostico$ checklist ebook$ exclusiv limitad limited ultimos$ "
     "ultimas$ inscribete registrate apuntate suscrib subscrib"},
    {"price",
     "tarifa$ tarifas$ rates$ rate$ precio$ precios$ price$ prices$ pricing$ "
     "preis prix$ prezzo preco$"},
    {"pledge",
     "compromiso$ compromisos$ obligation$ commitment$ pressure$ riesgo$ "
     "risk$ risks$ strings$ promise$ seriedad confianza$ trust$ trusted$ "
     "satisfaccion satisfaction premium$ exclusive$ exclusiva$ "
     "profesionalidad personalizad personalised personalized tailored "
     "bespoke custom$ medida$ integral$ integrales$ 24h$"},
    {"spam",
     "whatsapp telegram crypto cripto bitcoin forex trading invertir$ "
     "inversion$ inversiones investment$ investments$ invest$ inversor$ "
     "inversores$ investor$ investors$ click$ clic$ enlace$ enlaces$ link$ "
     "links$ dinero$ money$ cash$ loan$ loans$ prestamo credito$ creditos$ "
     "credit$ pasivo$ passive$ millonario heredero fund$ funds$ fondo$ "
     "fondos$ lote$ lotes$ casino apuesta bet$ seguidores followers$ viral$ "
     "reply$ responde$ confidencial confidential"},
    {"connect",
     "conectar$ conectarme conectamos conectemos conectados conecte$ "
     "conecta$ conectando conexion connect$ connects$ connecting connected "
     "connection connettere connessi vernetz red$ redes$ rede$ network$ "
     "networks$ networking reseau$ rete$ netzwerk xarxa contactos$ contacts$ "
     "contatti contatos ampliar$ ampliando expand$ expanding agrego$ "
     "agregar$ agregarte agregando anadir$ anadirte anadirle add$ adding$ "
     "added$ acepta$ aceptar$ aceptas$ aceptarme aceptame acepte$ accept$ "
     "accepting accepted accetta accepter rejoindre join$ joining unirte "
     "unir$ sumar$ sumando sumarte circulo$ circle$ comunidad$ community$ "
     "communities comunidade invitacion$ invitation$ invitations convite$ "
     "contactar$ contactarte linkedin"},
    {"exchange",
     "sinergia synerg compartir$ compartiendo sharing$ shared$ partage "
     "intercambi exchange$ exchanging echanger austausch scambiare trocar$ "
     "insight$ insights$ perspectiv visiones$ vision$ views$ view$ ideas$ "
     "idea$ ideias explorar$ explore$ exploring explorer oportunidad$ "
     "opportunity opportunities opportunite opportunita oportunidade "
     "colabor$ colaborar$ colaboracion$ colaboraciones collaborat "
     "collaborazione zusammenarbeit alianza alliance partnership partner$ "
     "partners$ aportar$ aporta$ aportarnos valor$ value$ valuable "
     "potential$ potencial$ mutual$ mutuo$ mutua$ beneficio benefit$ "
     "benefits$ beneficial cooperar cooperacion cooperation posibles$ "
     "possible$ possibilities posibilidades common$ comun$ similar$ "
     "intereses$ interests$ interes$ interest$ tema$ temas$ topics$ topic$"},
    {"learn",
     "aprender$ aprendo$ aprendiendo aprendizaje learn$ learns$ learnt$ "
     "learned$ learning$ apprendre imparare lernen inspirar$ enriquec enrich "
     "experiencias$ experiences$ vivencias sabiduria wisdom"},
    {"praise",
     "impresion impressed$ impressive impression encanta$ encanto$ encantado "
     "encantada gusto$ gusta$ gustado admir interesante$ interesantes "
     "interesting interess inspira inspire$ inspires$ inspired inspiring "
     "brillante brilliant amazing great$ excelente excellent excellence "
     "excelencia enhorabuena felicit felicidades congrat gluckwunsch "
     "complimenti parabens bravo$ awesome increible incredible love$ loved$ "
     "loves$ lovely fan$ fans$ resono resonated atencion$ attention$ "
     "notable$ remarkable outstanding impecable maravill wonderful fantastic "
     "magnific extraordinari extraordinary valoro valioso valiosa respeto$ "
     "respect$ respected referente$ referentes$ lindo$ linda$ genial$ "
     "claridad clarity rigor$ pasion$ passion honor$ honour$ honoured "
     "honored privilegio privilege placer$ pleasure plaisir piacere prazer "
     "freude orgullo proud liderazgo$ leadership talento$ talent$ talented "
     "ejemplo$ labor$ vocacion merece$ merecid deserve exito$ exitos$ "
     "success$ successful logro$ logros achievement"},
    {"profile",
     "perfil$ perfiles$ profile$ profiles$ profil$ profilo$ trayectoria$ "
     "trayectorias recorrido$ parcours percorso percurso trajectory carrera$ "
     "career$ careers$ journey$ journeys$ path$ background$ historia$ story$ "
     "stories$ camino$ posts$ post$ publicacion$ publicaciones$ publicas "
     "publication contenido$ content$ contenidos blog$ hilo$ thread$"},
    {"people",
     "profesional$ profesionales$ professional$ professionals$ professionnel "
     "profissionais professionisti colega$ colegas$ colleague$ colleagues$ "
     "kollegen peer$ peers$ fellow$ gente$ people$ personas$ persona$ "
     "person$ someone$ alguien$ anyone$ everyone$ likeminded mentes minds$ "
     "companer$ companero$ companera$ companeros$ amigo$ amiga$ amigos$ "
     "friend$ friends$ talentos mujeres$ women$ jovenes$ young$ sector$ "
     "sectores industria$ industry$ industrie branche rubro$ ramo$ ambito "
     "field$ fields$ area$ areas$ mundo$ world$ space$ ecosistema ecosystem "
     "gremio"},
    {"vague",
     "algo$ something$ anything$ thing$ things$ cosa$ cosas$ everything$ "
     "general$ gran$ grande$ grandes$ exciting$ emocionante diverse$ diverso "
     "various$ diferente$ diferentes$ different$ unico$ unica$ unique$ "
     "verdadero$ true$ truly$ really$ realmente$ enorme$ real$ nuevos$ "
     "nuevas$ new$ nuevo$ nueva$ moderno modern$ digital$ innovador "
     "innovative innovacion$ innovation$ transformacion estrateg strateg "
     "impacto$ impact$ futuras"},
    {"all",
     "todo$ todos$ toda$ todas$ all$ every$ muchos$ muchas$ many$ more$ "
     "most$ always$ siempre$ cualquier$ any$ tous$ tout$ alle$ tutti$ "
     "others$ otros$ otras$ mayoria$ majority everywhere"},
    {"none",
     "nada$ nadie$ nunca$ ninguna$ ningun$ ninguno$ never$ nothing$ nobody$ "
     "none$ jamas$ without$ won't$ can't$ cannot$ doesn't$ isn't$ didn't$ "
     "couldn't$ haven't$ hasn't$ wasn't$ aren't$ wouldn't$ tampoco$ unless$"},
    {"greet",
     "hola$ hello$ hi$ hey$ ola$ ciao$ hallo$ bonjour$ buenas$ buenos$ good$ "
     "dear$ greetings estimad querid apreciad distinguid prezad cher$ chere$ "
     "sehr$ geehrte liebe$ saludo$ saludos$ saluda$ regards$ cordial "
     "atentamente atte$ sincerely yours$ abrazo$ abrazos$ salutations saluti "
     "gruss cheers$ best$ wishes$ espero$ hope$ hoping espere deseo$ "
     "deseando wish$ wishing feliz$ happy$ cumple$ cumpleanos birthday "
     "anniversary aniversario navidad christmas pascua easter$ bendiciones "
     "bless$ blessing$ blessings god$ dios$ suerte$ luck$ well$ bien$"},
    {"thanks",
     "gracias$ thanks$ thank$ merci$ grazie$ obrigado$ obrigada$ danke$ "
     "gracies$ agradezco$ agradec grateful$ thankful appreciate$ appreciated "
     "appreciation gratitud"},
    {"title",
     "don$ dona$ sr$ sra$ srta$ senor$ senora$ senorita mr$ mrs$ ms$ miss$ "
     "sir$ madam$ dr$ dra$ prof$ profe$ ing$ lic$ arq$ abg$ herr$ frau$ "
     "monsieur$ madame$ mme$ signor dott$ eng$"},
    {0}};
/* clang-format on */
