//! How values print, for people who debug: bounded in length and depth.

use std::fmt::{self, Write};

use ruff_python_ast::BoolOp;

use super::value::{Arguments, Part, TermKind, Value};

/// As Python would write it, outside names without their modules; cut off when it grows long.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printer = Printer { text: String::new(), depth: 0 };
        printer.value(self);
        f.write_str(&printer.text)
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

struct Printer {
    text: String,
    depth: usize,
}

impl Printer {
    const LONGEST: usize = 4_000;
    const DEEPEST: usize = 12;

    fn value(&mut self, value: &Value<'_>) {
        if self.text.len() > Self::LONGEST || self.depth > Self::DEEPEST {
            return self.push("…");
        }
        self.depth += 1;
        match value {
            Value::None => self.push("None"),
            Value::Bool(value) => self.push(if *value { "True" } else { "False" }),
            Value::Int(value) => self.push(&value.to_string()),
            Value::Float(value) => self.push(&format!("{value:?}")),
            Value::Str(text) => self.text(text),
            Value::Bytes(bytes) => self.push(&format!("b'{}'", bytes.escape_ascii())),
            Value::List(items) => {
                let values = items.values.borrow().clone();
                self.values("[", &values, items.more.get(), "]");
            }
            Value::Tuple(values) => self.values("(", values, false, if values.len() == 1 { ",)" } else { ")" }),
            Value::Set(dict) => self.values("{", &dict.keys(), dict.more.get(), "}"),
            Value::Dict(dict) => self.pairs(&dict.items(), dict.more.get()),
            Value::Function(function) => self.push(&format!("<{}>", function.name)),
            Value::Builtin(name) => self.push(name),
            Value::Method(method) => {
                self.value(&method.0);
                self.push(&format!(".{}", &*method.1));
            }
            Value::Class(class) => self.push(&format!("<class {}>", &*class.name)),
            Value::Instance(instance) => match (instance.class.members(), instance.attributes.get_text("name")) {
                (Some(_), Some(Value::Str(name))) => self.push(&format!("{}.{}", &*instance.class.name, &*name)),
                _ => {
                    self.push(&instance.class.name);
                    self.arguments(&instance.arguments);
                }
            },
            Value::Module(scope) => self.push(&format!("<module {}>", scope.module.name)),
            Value::Super(_) => self.push("super()"),
            Value::Manager(manager) => self.push(&format!("<manager {}>", manager.0.name)),
            Value::Term(term) => self.term(&term.kind),
            Value::Unknown => self.push("?"),
        }
        self.depth -= 1;
    }

    fn term(&mut self, kind: &TermKind<'_>) {
        match kind {
            TermKind::Name(name) => self.push(name.rsplit('.').next().unwrap_or(name)),
            TermKind::Attribute(value, name) => {
                self.value(value);
                self.push(".");
                self.push(name);
            }
            TermKind::Call { callee, arguments } => {
                self.value(callee);
                self.arguments(arguments);
            }
            TermKind::Item(value, key) => {
                self.value(value);
                self.values("[", std::slice::from_ref(key), false, "]");
            }
            TermKind::Slice(start, stop, step) => {
                self.value(start);
                self.push(":");
                self.value(stop);
                self.push(":");
                self.value(step);
            }
            TermKind::Unary(op, value) => {
                self.push(op.as_str());
                self.value(value);
            }
            TermKind::Binary(op, left, right) => self.infix(left, op.as_str(), right),
            TermKind::Compare(op, left, right) => self.infix(left, op.as_str(), right),
            TermKind::Not(value) => {
                self.push("not ");
                self.value(value);
            }
            TermKind::BoolOp(op, values) => {
                self.push("(");
                for (at, value) in values.iter().enumerate() {
                    if at > 0 {
                        self.push(if *op == BoolOp::And { " and " } else { " or " });
                    }
                    self.value(value);
                }
                self.push(")");
            }
            TermKind::Choice { condition, value, other } => {
                self.infix(value, "if", condition);
                self.push(" else ");
                self.value(other);
            }
            TermKind::Format(parts) => {
                self.push("f'");
                for part in parts {
                    match part {
                        Part::Literal(text) => self.cut(text),
                        Part::Hole(value) => {
                            self.push("{");
                            self.value(value);
                            self.push("}");
                        }
                    }
                }
                self.push("'");
            }
            TermKind::Element(value) => {
                self.push("each of ");
                self.value(value);
            }
            TermKind::Each { iterable, element } => {
                self.push("[");
                self.value(element);
                self.push(" for each of ");
                self.value(iterable);
                self.push("]");
            }
        }
    }

    fn infix(&mut self, left: &Value<'_>, op: &str, right: &Value<'_>) {
        self.value(left);
        let _ = write!(self.text, " {op} ");
        self.value(right);
    }

    fn arguments(&mut self, arguments: &Arguments<'_>) {
        self.push("(");
        let mut first = true;
        for (value, _) in &arguments.positional {
            self.separate(&mut first);
            self.value(value);
        }
        for (name, value, _) in &arguments.keywords {
            self.separate(&mut first);
            self.push(name);
            self.push("=");
            self.value(value);
        }
        if arguments.more {
            self.separate(&mut first);
            self.push("*?");
        }
        self.push(")");
    }

    fn values(&mut self, open: &str, values: &[Value<'_>], more: bool, close: &str) {
        self.push(open);
        let mut first = true;
        for value in values {
            self.separate(&mut first);
            if self.text.len() > Self::LONGEST {
                break;
            }
            self.value(value);
        }
        if more {
            self.separate(&mut first);
            self.push("*?");
        }
        self.push(close);
    }

    fn pairs(&mut self, pairs: &[(Value<'_>, Value<'_>)], more: bool) {
        self.push("{");
        let mut first = true;
        for (key, value) in pairs {
            self.separate(&mut first);
            if self.text.len() > Self::LONGEST {
                break;
            }
            self.value(key);
            self.push(": ");
            self.value(value);
        }
        if more {
            self.separate(&mut first);
            self.push("*?");
        }
        self.push("}");
    }

    fn separate(&mut self, first: &mut bool) {
        if !std::mem::take(first) {
            self.push(", ");
        }
    }

    fn text(&mut self, text: &str) {
        self.push("'");
        self.cut(text);
        self.push("'");
    }

    fn cut(&mut self, text: &str) {
        self.text.extend(text.chars().take(Self::LONGEST));
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }
}
