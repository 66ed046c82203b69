//! A mail server for tests: it speaks SMTP over a real socket, keeps what it takes, and can be as unwilling as real ones.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// What the sink does to the next conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Takes,
    /// Answers every recipient with this line.
    Refuses(&'static str),
    /// Accepts connections and never says a word.
    Mute,
    /// Takes a message whole and doesn't answer until it is in another mood; then it does what that says.
    Holds,
}

#[derive(Clone, Debug)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    /// As it came, dots unstuffed.
    pub data: String,
}

impl Received {
    /// A header of the message, unfolded.
    pub fn header(&self, name: &str) -> String {
        let head = self.data.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_default().to_owned()
    }

    /// The parts of a multipart message: their kinds, and what they say.
    pub fn parts(&self) -> Vec<(String, String)> {
        let kind = self.header("Content-Type");
        let boundary = kind.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap();
        let boundary = format!("--{boundary}");
        let parts = self.data.split(&boundary).skip(1).filter(|part| !part.starts_with("--"));
        parts.map(part).collect()
    }
}

fn part(part: &str) -> (String, String) {
    let (head, body) = part.trim_start().split_once("\r\n\r\n").unwrap();
    let header = |name: &str| {
        head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default().to_owned()
    };
    let body = match header("Content-Transfer-Encoding").as_str() {
        "quoted-printable" => quoted_printable(body),
        "base64" => {
            let packed: String = body.split_whitespace().collect();
            base64::Engine::decode(&base64::engine::general_purpose::STANDARD, packed).unwrap()
        }
        _ => body.as_bytes().to_vec(),
    };
    (header("Content-Type"), String::from_utf8(body).unwrap().replace("\r\n", "\n"))
}

fn quoted_printable(body: &str) -> Vec<u8> {
    let body = body.replace("=\r\n", "");
    let mut pieces = body.split('=');
    let mut bytes = pieces.next().unwrap().as_bytes().to_vec();
    for piece in pieces {
        bytes.push(u8::from_str_radix(&piece[..2], 16).unwrap());
        bytes.extend_from_slice(&piece.as_bytes()[2..]);
    }
    bytes
}

struct Shared {
    mood: watch::Sender<Mood>,
    /// Messages read whole, taken or not.
    heard: watch::Sender<usize>,
    taken: watch::Sender<usize>,
    letters: Mutex<Vec<Received>>,
    /// What clients say outside of messages, by conversation.
    said: Mutex<Vec<Vec<String>>>,
    /// `AUTH PLAIN`'s argument that is let in; none: everybody is.
    password: Option<String>,
}

pub struct Sink {
    pub addr: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

impl Sink {
    pub async fn open() -> Self {
        Self::open_for(None).await
    }

    /// Lets in only who knows the password.
    pub async fn open_for(user_and_password: Option<(&str, &str)>) -> Self {
        let password = user_and_password.map(|(user, password)| {
            base64::Engine::encode(&base64::engine::general_purpose::STANDARD, format!("\0{user}\0{password}"))
        });
        let shared = Arc::new(Shared {
            mood: watch::Sender::new(Mood::Takes),
            heard: watch::Sender::new(0),
            taken: watch::Sender::new(0),
            letters: Mutex::default(),
            said: Mutex::default(),
            password,
        });
        let mut sink = Self { addr: ([127, 0, 0, 1], 0).into(), shared, listening: None };
        sink.start().await;
        sink
    }

    /// Listens, on the same port as before if there was one.
    pub async fn start(&mut self) {
        let listener = TcpListener::bind(self.addr).await.unwrap();
        self.addr = listener.local_addr().unwrap();
        let shared = Arc::clone(&self.shared);
        self.listening = Some(tokio::spawn(async move {
            let mut conversations = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&shared);
                conversations.spawn(async move {
                    let _ = converse(stream, &shared).await;
                });
            }
        }));
    }

    /// Ends every conversation and listens no more.
    pub async fn stop(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
            let _ = listening.await;
        }
    }

    pub fn is(&self, mood: Mood) {
        self.shared.mood.send_replace(mood);
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.addr)
    }

    pub fn letters(&self) -> Vec<Received> {
        self.shared.letters.lock().unwrap().clone()
    }

    /// What clients said outside of messages, a list for each conversation.
    pub fn said(&self) -> Vec<Vec<String>> {
        self.shared.said.lock().unwrap().clone()
    }

    /// Waits until it has taken so many letters.
    pub async fn takes(&self, letters: usize) -> Vec<Received> {
        reaches(&self.shared.taken, letters).await;
        self.letters()
    }

    /// Waits until it has read so many letters, whatever it answers.
    pub async fn hears(&self, letters: usize) {
        reaches(&self.shared.heard, letters).await;
    }

    /// Waits until somebody has connected and been kept waiting.
    pub async fn is_waited_for(&self) {
        let patience = std::time::Instant::now() + PATIENCE;
        while self.said().is_empty() {
            assert!(std::time::Instant::now() < patience, "nobody connects");
            tokio::task::yield_now().await;
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(20);

async fn reaches(count: &watch::Sender<usize>, number: usize) {
    let mut counted = count.subscribe();
    let reached = tokio::time::timeout(PATIENCE, counted.wait_for(|count| *count >= number)).await;
    assert!(reached.is_ok(), "{} of {number} letters", *count.borrow());
}

async fn converse(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let number = {
        let mut said = shared.said.lock().unwrap();
        said.push(Vec::new());
        said.len() - 1
    };
    let mut mood = shared.mood.subscribe();
    let _ = mood.wait_for(|mood| *mood != Mood::Mute).await;
    stream.write_all(b"220 sink ESMTP\r\n").await?;
    let mut letter = Received { from: String::new(), to: Vec::new(), data: String::new() };
    let mut is_in = shared.password.is_none();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        shared.said.lock().unwrap()[number].push(line.to_owned());
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let argument = || line.split_once(':').map_or("", |(_, rest)| rest.trim()).to_owned();
        let now = *mood.borrow();
        let answer = match verb.as_str() {
            "EHLO" if shared.password.is_some() => "250-sink\r\n250-8BITMIME\r\n250 AUTH PLAIN".to_owned(),
            "EHLO" => "250-sink\r\n250 8BITMIME".to_owned(),
            "AUTH" => {
                is_in = shared.password.is_some() && line.split(' ').nth(2) == shared.password.as_deref();
                if is_in { "235 2.7.0 welcome".to_owned() } else { "535 5.7.8 wrong user or password".to_owned() }
            }
            "MAIL" if !is_in => "530 5.7.0 authenticate first".to_owned(),
            "MAIL" => {
                letter = Received { from: argument(), to: Vec::new(), data: String::new() };
                "250 2.1.0 ok".to_owned()
            }
            "RCPT" => match now {
                Mood::Refuses(line) => line.to_owned(),
                _ => {
                    letter.to.push(argument().trim_matches(['<', '>']).to_owned());
                    "250 2.1.5 ok".to_owned()
                }
            },
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                loop {
                    let mut line = String::new();
                    if stream.read_line(&mut line).await? == 0 {
                        return Ok(());
                    }
                    match line.as_str() {
                        ".\r\n" => break,
                        line => letter.data.push_str(line.strip_prefix('.').unwrap_or(line)),
                    }
                }
                shared.heard.send_modify(|heard| *heard += 1);
                let _ = mood.wait_for(|mood| *mood != Mood::Holds).await;
                // Kept before it is acknowledged, as any mail server does.
                shared.letters.lock().unwrap().push(letter.clone());
                shared.taken.send_modify(|taken| *taken += 1);
                "250 2.0.0 taken".to_owned()
            }
            "RSET" | "NOOP" => "250 ok".to_owned(),
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "502 5.5.1 what?".to_owned(),
        };
        stream.write_all(answer.as_bytes()).await?;
        stream.write_all(b"\r\n").await?;
    }
}
