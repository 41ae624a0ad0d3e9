"""What a section of a page is about, told by its heading in any of the usual languages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

# What pages call the address of an operation, in any of the usual languages.
ADDRESS: Final = (
    r"(?:(?:request|interface|api|http|resource|endpoint|relative|full) )?(?:path|url|endpoint|uri|route"
    r"|address)(?: or (?:path|url|endpoint))?"
    r"|(?:ruta|chemin|pfad|caminho|rota|percorso|путь|адрес|url|uri|endpoint)"
    r"(?: (?:de (?:la |l['’]|el )?|d['’]|del |della |da |do |der )?"
    r"(?:requête|appel|solicitud|petición|servicio|requisição|richiesta|anfrage|запроса|http))?"
    r"|(?:请求|接口|调用)?(?:地址|路径|url|uri)|接口|(?:リクエスト)?(?:パス|url|エンドポイント)"
    r"|(?:요청 ?)?(?:경로|주소|url|엔드포인트)"
)
# And its method.
METHOD: Final = (
    r"(?:(?:http|request|api|call|anfrage)[ -]?)?(?:method|verb|action|methode)(?: (?:http|type))?"
    r"|(?:http|request|call) type"
    r"|(?:método|méthode|metodo|verbo|verbe|метод)"
    r"(?: (?:de (?:la )?|d['’]|del |della |da )?"
    r"(?:http|requête|solicitud|petición|requisição|richiesta|запроса))?"
    r"|(?:http)?(?:请求|接口|调用)?(?:方式|方法)|(?:http|リクエスト)?(?:メソッド|方法)"
    r"|(?:http ?|요청 ?)?(?:메서드|메소드|방식)"
)
_KINDS: Final = (
    (
        "returned headers",
        (
            r"^(?:response|returned|answer)[ -]headers?$|^レスポンスヘッダー?$|^响应头$|^응답 헤더$"
            r"|^(?:cabeceras|encabezados) de (?:la )?respuesta$|^en-têtes de (?:la )?réponse$"
        ),
    ),
    (
        "aside",
        (
            r"^(?!.*\b(?:get|retrieve|list|create|delete|update|register|add|send|fetch|remove|read"
            r"|show)\b)(?:[\w-]+ ){0,2}(?:webhooks?|callbacks?)(?: \w+){0,2}$"
            r"|^(?:event|webhook|callback|notification) (?:payload|body|example)s?$"
            r"|^(?:异步|结果)?回调(?:通知|参数|数据|说明|内容)?$|^コールバック|^웹훅|^콜백"
            r"|^(?:mqtt|web ?sockets?|kafka|amqp|server-sent events)(?:[ -]\w+)?$"
            r"|^(?:next steps?|see also|changelog|related(?: \w+)?|rate limits?|pagination example)$"
        ),
    ),
    (
        "header",
        (
            r"^(?:request |http |required |optional |custom )?headers?(?: param(?:eter)?s)?$|^encabezados?$"
            r"|^cabeceras$|^en-têtes$|^заголовки(?: запроса)?$|^kopfzeilen?$|^header-?parameter$"
            r"|^cabeçalhos$|^リクエストヘッダー?$|^请求头$|^ヘッダー$|^(?:요청 )?헤더$"
        ),
    ),
    (
        "key",
        (
            r"^(?:(?:(?:http )?(?:basic|bearer)|api key|token) )?(?:authentication|authorizations?|security"
            r"|auth)$|^(?:api key|autenticación|autenticação|autorização|autorización|authentifizierung"
            r"|authentification|аутентификация|авторизация|認証|鉴权|인증)$"
        ),
    ),
    (
        "body",
        (
            r"request body|body param|request (?:fields|attributes|schema|payload|object|model|properties)"
            r"|^body(?: schema| fields)?$|^payload$|^cuerpo(?: de la (?:solicitud|petición))?$"
            r"|^corps de la requête$|^anfrage-?(?:körper|text)$|^corpo da (?:requisição|solicitação)$"
            r"|^parámetros del (?:body|cuerpo)$|^тело запроса$|^リクエスト(?:ボディ|本文|ボディー)$|^请求体$"
            r"|^(?:요청 )?(?:본문|바디)$"
            r"|^请求体参数$|^request json object$"
            r"|^form parameters$"
        ),
    ),
    (
        "path",
        (
            r"^(?:url|path|uri|route)[ -]?(?:request )?(?:params?|parameters?|variables?|arguments?"
            r"|segments?)"
            r"|^(?:paramètres|parámetros|parâmetros|parametri) (?:d(?:e|i|ell?)? )?(?:l )?(?:url|uri)$"
            r"|^parámetros de (?:ruta|path|url)$|^paramètres de (?:chemin|path|l url)$|^pfad-?parameter$"
            r"|^параметры пути$|^parâmetros de (?:caminho|rota|path|url)$|^パスパラメータ?ー?$"
            r"|^路径参数$|^(?:경로|패스) (?:파라미터|변수|매개변수)$|path parameters$"
        ),
    ),
    (
        "query",
        (
            r"^(?:optional|required) attributes$"
            r"|^(?:(?:optional |url )?query(?:[ -]?string)?[ -]?(?:params?|parameters?|arguments?)?"
            r"|(?:request |optional |supported |input |endpoint |available |http )?param(?:eter)?s"
            r"|arguments|filters|inputs)$"
            r"|^parámetros(?: de (?:la )?(?:consulta|query|entrada|solicitud|petición|url de consulta))?$"
            r"|^paramètres(?: d[e ]+(?:requête|query|entrée)| obligatoires| optionnels| particuliers)?$"
            r"|^(?:abfrage|query|anfrage)-?parameter$|^parâmetros(?: de (?:consulta|query))?$"
            r"|^クエリパラメータ?ー?$|^リクエストパラメータ?ー?$|^パラメータ?ー?$"
            r"|^параметры(?: запроса)?$|^查询参数$|^请求参数$"
            r"|^参数$|^(?:쿼리 |요청 )?(?:파라미터|매개변수)$|query parameters$"
        ),
    ),
    (
        "cookie",
        (
            r"^cookies?(?: param(?:eter)?s)?$"
        ),
    ),
    (
        "request",
        (
            r"^(?:example |sample |curl |http )?requests?(?: example| body example| sample| syntax)?s?$"
            r"|python|javascript|node"
            r"|\b(?:curl|php|ruby|java|golang|typescript|sdk)\b(?: example| sample)?s?$"
            r"|code (?:example|sample)s?|^example (?:request|call|usage)|^usage$|^solicitud$|^petición$"
            r"|^(?:ejemplo del? )?json a enviar$"
            r"|^ejemplo (?:documento json )?(?:de )?(?:solicitud|petición)(?: json)?$"
            r"|^exemples? de (?:corps de )?requête(?: \w+)?$"
            r"|^requête$|^anfrage$|^requisição$|^リクエスト(?:例)?$|^请求(?:示例)?$|^요청(?: 예(?:제|시))?$"
        ),
    ),
    (
        "values",
        (
            r"\b(?:status|state|statuses|states|stage|phase)(?:es)?\b.*\b(?:values?|meanings?|reference|lifecycle|options|list|definitions?|types?)\b"
            r"|^(?:(?:batch|job|task|item|possible|available|run|\w+) )?(?:statuses|states|lifecycle|life"
            r" cycle)$"
            r"|^valeurs (?:possibles|autorisées)\b.+|^valores (?:posibles|possíveis|permitidos)\b.+"
            r"|^mögliche werte\b.+"
            r"|^(?:possible|allowed|available) \w+ ?values?|^values? (?:of|for) |\b\w+ values$"
            r"|^what the (?:\w+ )?(?:status|state)\w* means?"
        ),
    ),
    (
        "errors",
        (
            r"\berrors?\b|^failures?$|^(?:http )?(?:response )?status codes?$"
            r"|^(?:http )?(?:response|return) codes?$|^errores$|^erreurs$|^fehler(?:codes?)?$|^erros$"
            r"|^ошибки$|^エラー(?:コード)?$|^错误(?:码|代码)?$|^(?:오류|에러)(?: 코드| 응답)?$"
            r"|^códigos de (?:error|erro|estado)$|^codes d erreur$"
        ),
    ),
    (
        "fields",
        (
            r"^(?:response|returned|return|result|results|output|batch|job|object) (?:object |body |data"
            r" )?(?:fields?|attributes?|properties|schema|parameters?|details|model|structure|json object"
            r"|elements|members|table)$"
            r"|^fields$|^attributes$|^properties$"
            r"|^(?:the )?[\w -]{1,40} (?:object|attributes|fields|model|resource|properties|schema)$"
            r"|^returns$|^schemas?$|^response schema|^campos(?: de (?:la )?(?:respuesta|resposta))?$"
            r"|^champs(?: de la réponse)?$"
            r"|^objeto json de (?:la )?(?:respuesta|resposta)$|^objet json de (?:la )?réponse$"
            r"|^(?:antwort)?felder$"
            r"|^レスポンス(?:フィールド|パラメータ?ー?|項目)$|^(?:响应|返回)(?:参数|字段|值|数据)$"
            r"|^フィールド$|^字段$|^응답 (?:필드|파라미터|항목)$|^atributos$|^attributs$|^eigenschaften$"
        ),
    ),
    (
        "response",
        (
            r"\bresponses?\b|^success\b|^returns?$|^(?:example |sample )?output$|^example output"
            r"|^sample (?:result|output)|^example result"
            r"|^respuestas?(?: (?:del?|exitosa|ejemplo|servicio|json|la|api|éxito)){0,4}$"
            r"|^(?:ejemplo de )?respuesta$|^réponses?$|^retour(?: de l api| serveur| server)?(?: en json)?$"
            r"|^exemple de réponse$|^(?:beispiel)?antwort(?:en)?$"
            r"|^(?:exemplo de )?respostas?$|^レスポンス(?:例|ボディ)?$|^响应(?:示例)?$"
            r"|^返回(?:示例|结果)?$|^応答$|^응답(?: 예(?:제|시)| 본문)?$"
            r"|^ответы?$|^返り値$|^retorno$|^results?$"
            r"|^(?:erfolgreiche|erfolgs-?) ?antwort$|^respuesta exitosa$"
            r"|^ejemplo (?:documento json )?(?:de )?respuesta(?: json)?$|^exemple? de (?:réponse|sortie)$"
            r"|^ejemplo de salida$|^exemplo de (?:resposta|saída)$|^(?:beispiel-?)?ausgabe$|^出力(?:例)?$"
        ),
    ),
)  # fmt: skip
# Words of headings by what they say, in the usual languages: a heading of nothing else is read by its words.
_ROLES: Final = {
    "response": """
        response responses reply replies returned output outputs antwort antworten rückgabe ausgabe
        rückgabewerte réponse réponses retour sortie respuesta respuestas salida resposta respostas saída
        retorno risposta risposte ответ ответа ответы antwoord svar odpowiedź odpowiedzi
        응답 반환 yanıt yanıtı cevap respons
    """,
    "request": """
        request requests input inputs anfrage anfragen eingabe requête requêtes entrée solicitud
        solicitudes petición peticiones entrada requisição requisições solicitação richiesta richieste
        запрос запроса verzoek żądanie żądania
        aanvraag 요청 istek isteği permintaan
    """,
    "path": "path pfad chemin ruta caminho rota percorso пути 경로 ścieżki",
    "query": "query querystring abfrage 쿼리",
    "header": """
        header headers kopfzeile kopfzeilen en-tête en-têtes cabecera cabeceras encabezado encabezados
        cabeçalho cabeçalhos intestazione intestazioni заголовок заголовки заголовков
        헤더 başlık başlıklar nagłówek nagłówki
    """,
    "body": "body payload corps cuerpo corpo körper rumpf тело тела 본문 바디 gövde gövdesi",
    "error": "error errors failure failed fehlerfall fehlerantwort fehlerantworten fehlgeschlagene négative"
    " échec ошибкой fallo falha fehler erreur erreurs errores erro erros errore errori ошибка ошибки"
    " ошибок 오류 에러 hata hatalar błąd błędy fouten kesalahan",
    "parameter": """
        parameter parameters params param parámetro parámetros paramètre paramètres parâmetro parâmetros
        parametro parametri параметр параметры parametry 파라미터 매개변수 parametre parametreler
        parametreleri argument arguments argumente argumentos
    """,
    "field": """
        field fields attribute attributes property properties element elements member members data schema
        object objects structure model content contents feld felder daten struktur aufbau inhalt attribut
        eigenschaft eigenschaften champ champs données propriétés structure contenu attributs campo campos
        datos propiedades estructura contenido atributos objeto dados propriedades estrutura conteúdo
        campi dati proprietà поле поля данные структура pola 필드 항목 속성 alan alanlar alanları
        velden
    """,
    "example": """
        example examples sample samples beispiel beispiele ejemplo ejemplos exemple exemples exemplo
        exemplos esempio esempi пример примеры voorbeeld przykład 예시 예제 샘플 örnek contoh
    """,
    "other": """
        the a of for in and with de la le les l du des d del el los las do da dos das di della der die zur
        im eines einer json http api optional required additional success successful ok erfolgreiche
        erfolgreicher éxito exitosa sucesso succès format formats description details list table beschreibung
        descripción descrição liste lista tabla tableau tabelle definition supported available common
        favorable réussie positive positiva exitoso correcta correta erfolgsfall en cas caso im bei für una un
        успешный успешного успешная с
        syntax type types standard general 200 201 202 성공 결과 목록 설명 코드
    """,
}  # fmt: skip
# The same for languages that put no space between words.
_UNSPACED: Final = {
    "response": "レスポンス 応答 戻り値 返り値 响应 返回 应答 回應 出参",
    "request": "リクエスト 要求 请求 請求 入参",
    "path": "パス 路径 路徑", "query": "クエリ 查询 查詢", "header": "ヘッダー ヘッダ 头部 请求头 标头",
    "body": "ボディー ボディ 本文 ペイロード 请求体 正文", "error": "エラー 失敗 错误 錯誤 失败 异常",
    "parameter": "パラメーター パラメータ 引数 参数 參數",
    "field": "フィールド 項目 プロパティ 字段 属性 数据 内容",
    "example": "サンプル 例 示例 样例 範例",
    "other": "成功 正常 正确 時 时 の json 说明 説明 一覧 列表 结果 格式 形式 体",
}  # fmt: skip
_UNSPACED_ROLE: Final = {word: role for role, words in _UNSPACED.items() for word in words.split()}
_WORD = re.compile("|".join(sorted(_UNSPACED_ROLE, key=len, reverse=True)))
_ROLE: Final = {word: role for role, words in _ROLES.items() for word in words.split()}
_LONE: Final = {
    "response",
    "request",
    "header",
    "body",
    "path",
    "query",
    "parameter",
    "error",
}  # the roles that a heading of one word can have
HEADER_NAME: Final = re.compile(
    r"X-[\w-]+|Authorization|Content-[A-Z]\w+|Accept(?:-\w+)?|Cache-Control|Date|Server|Location|E-?[Tt]ag"
    r"|Retry-After|Set-Cookie|Connection|Vary|Host|RateLimit-\w+"
)
SENT: Final = {"path", "query", "header", "cookie", "body", "request", "key"}
ANSWERED: Final = {"response", "fields", "errors", "values"}
PUSHED: Final = re.compile(
    r"\b(?:we|nous|wir|noi|nós)(?: will)?\b.{0,30}\b(?:send|call|post|notify|appelons|envoyons|senden|rufen"
    r"|inviamo|enviamos|chamamos)\b.{0,60}\b(?:your|votre|ihre?n?|deine?n?|vostr[ao]|su|seu|sua)\b"
    r"|\b(?:enviamos|llamamos|enviaremos) .{0,60}\b(?:su|tu|callback|webhook)\b",
    re.IGNORECASE,
)
_IN_ANSWER: Final = {"body", "header", "query"}


_OF_REQUEST = re.compile(
    r"request|query|path|url|input|solicitud|petici|requ[êi]|anfrage|abfrage|eingabe|entrada|richiest|запрос"
    r"|请求|查询|路径|入参|リクエスト|クエリ|パス|요청|쿼리|경로",
    re.IGNORECASE,
)
_DEED = re.compile(
    r"(?:get|retrieve|fetch|create|update|delete|check|submit|list) (?:an? |the |all |your )?\w+"
)
_OF_ANSWER = re.compile(
    r"\b(?:param(?:eter)?s?|responses?|examples?|errors?|headers?|webhooks?|callbacks?|codes?)\b"
)


_BORDER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z])(?=[\u3041-\u9fff])")  # of words, or of scripts


@lru_cache(maxsize=2048)  # the readers ask of one line several times
def kind_of(title: str) -> str:
    """Tell what a section is about by its heading; "" when nothing is known of it."""
    apart = re.sub(r"\([^)]*\)|（[^）]*）|\bfor [\"“].*", " ", _BORDER.sub(" ", title))
    lower = re.sub(r"[^\w\s&-]", " ", apart.lower())
    lower = re.sub(r"^(?:tab(?:le|elle) )?(?:\d+ )+", "", re.sub(r"\s+", " ", lower).strip())
    lower = re.sub(r"说明$|の説明$", "", lower)
    lower = re.sub(r"^リクエスト(?=クエリ|パス|ボディパラ)", "", lower)
    if _DEED.match(lower) and not _OF_ANSWER.search(lower):
        return ""
    if status := re.match(r"([245])\d\d [-–—:] ", title):
        return "response" if status[1] == "2" else "errors"
    for kind, pattern in _KINDS:
        if re.search(pattern, lower):
            return kind
    if re.search(r"\b2\d\d\b", title):
        return "response"
    return "errors" if re.search(r"\b[45]\d\d\b", title) else _kind_of_words(lower.split())


def _kind_of_words(words: list[str]) -> str:
    """Tell what a heading is about whose every word is one that such headings are made of; else ""."""
    roles: set[str] = set()
    for word in words:
        parts = word.split("-")
        if word[-1] < "\u3000" or word in _ROLE:
            roles |= {_ROLE[word]} if word in _ROLE else {_ROLE.get(part, "") for part in parts}
        else:
            roles |= {_UNSPACED_ROLE[part] for part in _WORD.findall(word)}
            roles |= {""} if _WORD.sub("", word) else set()
    said = roles - {"other"}
    if "" in roles or not said or len(words) > 6 or (len(words) == 1 == len(roles) and not said & _LONE):
        return ""
    if "error" in said:
        return "errors"
    if "response" in said:
        listed = "fields" if said & {"field", "parameter"} else "response"
        return "returned headers" if "header" in said else "response" if "body" in said else listed
    place = next((role for role in ("header", "path", "query", "body") if role in said), "")
    if place or said <= {"example"}:
        return place
    if "parameter" in said:
        return "query"
    return ("body" if "field" in said else "request") if "request" in said else ""


# The words of titles about answers: "Response status" is none of them, but what some field means.
_TITLE_WORDS: Final = frozenset({
    "response", "responses", "error", "errors", "success", "successful", "failure", "failed", "sample",
    "samples", "example", "examples", "body", "schema", "schemas", "data", "field", "fields", "parameter",
    "parameters", "param", "params", "attribute", "attributes", "property", "properties", "object",
    "objects", "code", "codes", "format", "structure", "model", "json", "http", "https", "ok", "header",
    "headers", "the", "default", "payload", "content", "type", "application", "api", "output", "result",
    "results", "return", "returns", "returned", "for", "of", "and", "with", "status", "statuses",
    "handling", "list", "common", "possible", "details", "description", "a", "an", "structured", "xml",
    "information", "text", "plain", "server", "client", "body's", "element", "elements",
})  # fmt: skip

_ENGLISH = re.compile(r"\b(?:responses?|errors?|success|results?|returns?|output)\b", re.IGNORECASE)


def is_title(text: str) -> bool:
    """Whether a line without a heading's mark can be one: it is known, and no prose about a field."""
    kind = kind_of(text) if " " in text or not re.search(r"[a-z][A-Z]", text) else ""
    if kind not in {"response", "errors"} or not _ENGLISH.search(text):
        return bool(kind)
    if re.fullmatch(r"(?:[A-Z]\w+ ){1,4}Responses?", text):
        return True
    words = re.findall(r"[a-z']+", re.sub(r"\([^)]*\)", " ", text.lower()))
    told = text.lower() in {"response status", "error status"}
    return not told and (
        bool(re.search(r"\d{3}", text)) or all(word in _TITLE_WORDS or word in _ROLE for word in words)
    )


@dataclass(slots=True)
class Outline:
    """The open headings above a line: a section is about what its heading says, else what those above say.

    Below an answer, "Body" and "Headers" are parts of the answer; a heading that says nothing inherits, but
    not from the title of the page.
    """

    open: list[tuple[int, str, str]] = field(default_factory=list)
    flat: str = ""
    entered: bool = False

    def enter(self, level: int, title: str) -> str:
        """Open a section; gives its kind."""
        while self.open and self.open[-1][0] >= level:
            self.open.pop()
        above = self.open[-1][1] if self.open else ""
        kind = kind_of(title)
        if kind == "aside" and not self.entered:
            kind = ""  # the page is about it
        answered = above in ANSWERED or (level > 6 and self.flat in ANSWERED)
        if (
            kind == "query"
            and self.open
            and re.match(r"(?:example|sample)\b", self.open[-1][2], re.IGNORECASE)
        ):
            answered = False  # an example holds no list of parameters
        if kind in _IN_ANSWER and answered and not _OF_REQUEST.search(title):
            kind = "returned headers" if kind == "header" else "response" if above != "errors" else "errors"
        if kind == "fields" and above in {*SENT} - {"key"} and not _ENGLISH.search(title):
            kind = "body" if above == "request" else above
        if kind == "fields" and level > 6 and self.flat == "body" and title.lower() == "schema":
            kind = "body"  # its tab
        if not kind and above in {*SENT, *ANSWERED, "aside"} - {"request", "key"}:
            kind = above if above != "values" else ""
        elif above == "aside" and kind not in {"path", "query", "errors"}:
            kind = "aside"
        titles_page = level == 1 and not self.entered
        self.entered = True
        self.open.append((level, "" if titles_page else kind, title))
        self.flat = kind if kind in {*SENT, *ANSWERED} else self.flat
        return kind
