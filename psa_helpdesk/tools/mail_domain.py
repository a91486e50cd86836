# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Domains of mail addresses, and those that say nothing about who owns an address."""

from __future__ import annotations

import re

import idna

#: providers whose customers share the domain, whatever the country
PUBLIC_DOMAINS = frozenset(
    str.split(
        # the world
        "gmail.com googlemail.com icloud.com me.com mac.com aol.com aim.com msn.com"
        " ymail.com rocketmail.com proton.me protonmail.com protonmail.ch pm.me"
        " tutanota.com tutanota.de tutamail.com tuta.com tuta.io keemail.me"
        " fastmail.com fastmail.fm zoho.com zohomail.com zohomail.eu mail.com"
        " email.com usa.com post.com inbox.com hushmail.com hey.com duck.com"
        " mailbox.org posteo.de posteo.net disroot.org riseup.net startmail.com"
        " runbox.com mailfence.com lycos.com excite.com passport.com windowslive.com"
        " opayq.com"
        # mailboxes that are thrown away
        " mailinator.com guerrillamail.com yopmail.com 10minutemail.com"
        " trashmail.com temp-mail.org sharklasers.com maildrop.cc getnada.com"
        # Italy
        " libero.it virgilio.it tin.it alice.it aliceposta.it tim.it tiscali.it"
        " tiscalinet.it inwind.it iol.it blu.it giallo.it email.it fastwebnet.it"
        " fastmail.it poste.it vodafone.it teletu.it tele2.it supereva.it"
        " interfree.it katamail.com kataweb.it jumpy.it lycos.it infinito.it"
        " cheapnet.it ciaoweb.it excite.it freemail.it hotmail.it omnitel.it wind.it"
        " windtre.it eolo.it micso.it telvia.it dodo.it aruba.it vivi.it libero.eu"
        " linkem.com"
        # Germany, Austria, Switzerland
        " web.de freenet.de t-online.de arcor.de online.de 1und1.de vodafonemail.de"
        " mail.de email.de aon.at bluewin.ch sunrise.ch hispeed.ch"
        # France, Belgium, Netherlands, Luxembourg
        " orange.fr wanadoo.fr free.fr sfr.fr laposte.net neuf.fr bbox.fr"
        " numericable.fr club-internet.fr cegetel.net aliceadsl.fr skynet.be"
        " telenet.be proximus.be voo.be ziggo.nl kpnmail.nl planet.nl home.nl"
        " xs4all.nl hetnet.nl casema.nl upcmail.nl pt.lu"
        # Spain, Portugal, Latin America
        " terra.es telefonica.net ono.com movistar.es sapo.pt mail.pt netcabo.pt"
        " clix.pt uol.com.br bol.com.br terra.com.br ig.com.br globo.com"
        " globomail.com prodigy.net.mx fibertel.com.ar arnet.com.ar"
        # Great Britain, Ireland
        " btinternet.com btopenworld.com virginmedia.com ntlworld.com"
        " blueyonder.co.uk sky.com talktalk.net tiscali.co.uk plusnet.com eircom.net"
        " o2.co.uk"
        # North, East and the Balkans
        " telia.com bredband.net online.no start.no mail.dk tdcadsl.dk suomi24.fi"
        " luukku.com elisanet.fi wp.pl o2.pl onet.pl onet.eu op.pl interia.pl"
        " gazeta.pl poczta.fm seznam.cz email.cz centrum.cz post.cz volny.cz"
        " atlas.cz azet.sk centrum.sk zoznam.sk freemail.hu citromail.hu t-online.hu"
        " abv.bg mail.bg net.hr siol.net mail.ru inbox.ru bk.ru list.ru internet.ru"
        " rambler.ru yandex.ru yandex.com ya.ru ukr.net i.ua meta.ua otenet.gr in.gr"
        " forthnet.gr mail.ee inbox.lv inbox.lt walla.com walla.co.il"
        " netvision.net.il mynet.com"
        # America, Asia, Oceania
        " comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net"
        " charter.net earthlink.net juno.com netzero.net optonline.net frontier.com"
        " windstream.net roadrunner.com rr.com rogers.com bell.net shaw.ca"
        " sympatico.ca telus.net videotron.ca qq.com foxmail.com 163.com 126.com"
        " yeah.net sina.com sina.cn sohu.com 139.com 189.cn aliyun.com 21cn.com"
        " naver.com daum.net hanmail.net nate.com docomo.ne.jp ezweb.ne.jp"
        " softbank.ne.jp nifty.com biglobe.ne.jp rediffmail.com sify.com bigpond.com"
        " optusnet.com.au iinet.net.au xtra.co.nz mweb.co.za"
        " telkomsa.net"
    )
)

#: providers of certified mail (PEC) that put all clients below one domain
PUBLIC_PEC_DOMAINS = frozenset(
    str.split(
        "pec.it arubapec.it pec.aruba.it legalmail.it postecert.it pec.libero.it"
        " pec.tim.it ticertifica.it registerpec.it gigapec.it pecimprese.it mypec.eu"
        " casellapec.com sicurezzapostale.it postacertificata.gov.it pec.buffetti.it"
        " pec.net pecsicura.it pec.email.it mailcert.it pecmail.it"
        " pec.cia.it pec.coldiretti.it pec.confcooperative.it pec.confartigianato.it"
        # the professions
        " geopec.it archiworldpec.it ingpec.eu pec.epap.it conafpec.it pec.enpam.it"
        " consulentidellavoropec.it pec.commercialisti.it pec.notariato.it"
        " postacertificata.notariato.it pec.giuffre.it avvocatipec.com"
    )
)

# One brand under the domain of each country.
_BRAND = re.compile(
    r"(?:outlook|hotmail|live|msn|yahoo|ymail|gmx|yandex|windowslive|aol|tutanota"
    r"|proton(?:mail)?)"
    r"\.(?:[a-z]{2}|com|net|org|(?:com?|org|net)\.[a-z]{2})"
)


def domain_of(address: str | None) -> str | None:
    """Domain of a mail address, as the DNS writes it; None when there is none.

    In lower case, other alphabets in their ASCII form, so that two spellings of a
    domain are the same text.  The address may stand in angle brackets after a name.

    >>> domain_of("Ann <ann@Example.COM.>")
    'example.com'
    >>> domain_of("ann@bücher.example")
    'xn--bcher-kva.example'
    >>> domain_of("ann")
    """
    _local, at, domain = (address or "").rpartition("@")
    domain = domain.partition(">")[0].strip().rstrip(".").lower()
    if not at or not domain or len(domain) > 253:
        return None
    if domain.isascii():
        return domain if re.fullmatch(r"[a-z0-9_.-]+", domain) else None
    try:
        # Other scripts have a full stop of their own, which is one only now.
        return idna.encode(domain, uts46=True).decode().rstrip(".") or None
    except UnicodeError:
        return None


def is_public_domain(domain: str | None) -> bool:
    """Do unrelated people have addresses at this domain (or above it)?

    Nothing follows from such a domain about the company of the sender. Without a
    domain the answer is yes for the same reason.

    >>> is_public_domain("gmail.com"), is_public_domain("yahoo.co.uk")
    (True, True)
    >>> is_public_domain("open.legalmail.it"), is_public_domain("pec.example.it")
    (True, False)
    """
    labels = (domain or "").lower().rstrip(".").split(".")
    for start in range(len(labels)):
        parent = ".".join(labels[start:])
        if parent in PUBLIC_DOMAINS or parent in PUBLIC_PEC_DOMAINS:
            return True
        if _BRAND.fullmatch(parent):
            return True
    return not domain
