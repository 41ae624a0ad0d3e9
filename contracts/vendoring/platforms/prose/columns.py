"""The names that the columns of tables have, in the usual languages."""

from __future__ import annotations

from typing import Final

_WORDS: Final = {
    "name": """
        name, parameter, field, property, key, attribute, param, header, argument, field name,
        parameter name, attribute name, property name, element, member, variable, column,
        query parameter, path parameter, header name, campo, nombre, parámetro, propiedad, atributo,
        champ, nom, paramètre, propriété, attribut, feld, parameters, fields, feldname, eigenschaft,
        nome, parâmetro, propriedade, フィールド, 名前, パラメータ, パラメーター, 項目, 项目, キー,
        プロパティ, 字段, 字段名, 名称, 参数, 参数名, 属性, フィールド名, headers, response field,
        request field, key name
    """,
    "type": """
        type, data type, datatype, format, tipo, tipo de dato, tipo de dados, typ, datentyp,
        type de données, 型, タイプ, データ型, 类型, 数据类型, data-type, value type, json type
    """,
    "required": """
        required, required?, mandatory, presence, req, req., m/o, optional, optional?, obligatorio,
        requerido, obligatoire, requis, pflicht, pflichtfeld, erforderlich, obrigatório, 必須, 必填,
        是否必填, 是否必须, 必须, mandatory?, is required, required / optional, use, nullable,
        always present, cardinality, required/optional
    """,
    "prose": """
        description, meaning, details, notes, purpose, comment, comments, descripción, descrição,
        beschreibung, remarks, bedeutung, 説明, 内容, 描述, 说明, 备注, note, explanation, definition,
        info
    """,
    "enum": """
        allowed values, possible values, values, enum, accepted values, valid values, options, valores,
        valeurs, werte
    """,
    "in": """
        in, location, where, located in, param type, parameter type, passed in, ubicación, position,
        位置
    """,
}
COLUMNS: Final = {
    column: {" ".join(word.split()) for word in words.split(",")} for column, words in _WORDS.items()
}
# What a table holds whose first column is headed so, where its section does not say.
HEADS: Final = {
    "parameter": "query", "param": "query", "argument": "query", "header": "header",
    "query parameter": "query",
    "path parameter": "path", "header name": "header", "headers": "header",
    "parameter name": "query", "parameters": "query",
    "parámetro": "query", "paramètre": "query", "parâmetro": "query",
    "パラメータ": "query", "パラメーター": "query", "参数": "query", "参数名": "query",
}  # fmt: skip
